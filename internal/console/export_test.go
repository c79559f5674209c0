package console

// Routes lists what is served of an account, each as "METHOD /path/{parameter}" below
// the account.
func (c *Console) Routes() []string {
	var all []string
	for _, group := range c.groups() {
		for _, r := range group {
			all = append(all, r.method+" "+r.path)
		}
	}
	return all
}

// Actions returns the names of the actions by their routes.
func (c *Console) Actions() map[string]string {
	all := map[string]string{}
	for _, group := range c.groups() {
		for _, r := range group {
			if r.action != "" {
				all[r.method+" "+r.path] = r.action
			}
		}
	}
	return all
}
