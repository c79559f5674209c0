package bench_test
import ("testing";"os";"github.com/redis/go-redis/v9";"github.com/turnwise/turnwise/internal/bench")
func TestProf(t *testing.T){
 if os.Getenv("PROF")=="" {t.Skip()}
 a:=redis.NewClient(&redis.Options{Addr:"127.0.0.1:7799",PoolSize:100}); b:=redis.NewClient(&redis.Options{Addr:"127.0.0.1:7799",PoolSize:100})
 a.FlushAll(t.Context())
 bench.Run(t.Context(),a,b,os.Stdout,bench.Options{Only:os.Getenv("PROF")})
}
