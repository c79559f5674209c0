package store_test
import ("testing";"os";"fmt";"strings";"time";"github.com/redis/go-redis/v9";"github.com/turnwise/turnwise/internal/jobs";"github.com/turnwise/turnwise/internal/lane";"github.com/turnwise/turnwise/internal/store";"github.com/turnwise/turnwise/internal/analysis";"github.com/turnwise/turnwise/internal/conversation")
func TestMicro(t *testing.T){
 if os.Getenv("MICRO")=="" {t.Skip()}
 a:=redis.NewClient(&redis.Options{Addr:"127.0.0.1:7799"})
 ctx:=t.Context(); a.FlushAll(ctx)
 s:=store.New(a,store.Options{Shards:1}); s.Open(ctx)
 stat:=func(name string,n int){ i:=a.Info(ctx,"commandstats").Val(); for _,l:=range strings.Split(i,"\n"){ if strings.Contains(l,"evalsha:"){fmt.Println(name,l)}}; a.ConfigResetStat(ctx)}
 a.ConfigResetStat(ctx)
 const N=3000
 txt:=strings.Repeat("word ",40)
 mk:=func(conv string) jobs.Job { return jobs.Job{ID:jobs.NewID(0),Account:"a",ConversationID:conv,Utterances:[]analysis.Utterance{{From:conversation.Speaker{Name:"Ann",UserID:"ann@x"},Text:txt}}} }
 for i:=range N { s.Accept(ctx,mk(fmt.Sprint(1e15+float64(i))),jobs.Terms{Create:true}) }
 stat("accept create",N)
 for i:=range N { s.Accept(ctx,mk(fmt.Sprint(1e15+float64(i))),jobs.Terms{MaxPending:10000}) }
 stat("accept append",N)
 n:=0
 c,_,_:=s.Claim(ctx,0,1)
 for c!=nil { e:=effect(c.Jobs[0]); var err error; c,_,err=s.Commit(ctx,c,[]jobs.Effect{e},jobs.Next{Move:true,Most:1}); if err!=nil{t.Fatal(err)}; n++ }
 stat(fmt.Sprint("commit+move ",n),n)
 for i:=range N { c,_,_:=s.Accept(ctx,mk(fmt.Sprint(1e15+float64(i))),jobs.Terms{Claim:true}); if c==nil {t.Fatal()}; if i%2==0 {continue}; e:=effect(c.Jobs[0]); s.Commit(ctx,c,[]jobs.Effect{e},jobs.Next{Stay:true,Move:true,Most:16}) }
 stat("accept at once ×2 + commit",N)
 _=lane.Append; _=time.Now
}
