// Where the page was loaded from is where the API is, behind a path of a proxy too.
const address = new URL(".", location.href).href.replace(/\/$/, "");
for (const block of document.querySelectorAll("pre")) {
  block.textContent = block.textContent.replaceAll("{{address}}", address);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const block = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    } catch { // no page may write to the clipboard but one of https or of this machine
      getSelection().selectAllChildren(block);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

// The address is relative, so that the page works behind a path of a proxy too.
// No validator is asked: that would send the document elsewhere.
const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  validatorUrl: null,
  onComplete: () => ui.layoutActions.show(["operations-tag", "Other spellings"], false),
});
