package xpath

import (
	"slices"
	"testing"
)

func TestReferences(t *testing.T) {
	const at = "/data/rep[2]/q"
	for _, c := range []struct {
		src        string
		free, from []Reference
	}{
		{`/data/a + ../b`, []Reference{{Path: "/data/a"}, {Path: "../b"}}, []Reference{{Path: "/data/a"}, {Path: "/data/rep/b"}}},
		{`. > 3 and ./c`, []Reference{{Path: "."}, {Path: "./c"}}, []Reference{{Path: "/data/rep/q"}, {Path: "/data/rep/q/c"}}},
		{`current()/../x`, []Reference{{Path: "../x"}}, []Reference{{Path: "/data/rep/x"}}},
		{`instance('l')/root/item[name = current()/../t and ../v > /data/k]/label`,
			[]Reference{{Instance: "l", Path: "/root/item"}, {Instance: "l", Path: "/root/item/name"}, {Path: "../t"}, {Instance: "l", Path: "/root/v"}, {Path: "/data/k"}, {Instance: "l", Path: "/root/item/label"}},
			[]Reference{{Instance: "l", Path: "/root/item"}, {Instance: "l", Path: "/root/item/name"}, {Path: "/data/rep/t"}, {Instance: "l", Path: "/root/v"}, {Path: "/data/k"}, {Instance: "l", Path: "/root/item/label"}}},
		{`sum(/data/rep[a = ../../z]/n)`,
			[]Reference{{Path: "/data/rep"}, {Path: "/data/rep/a"}, {Path: "/z"}, {Path: "/data/rep/n"}},
			[]Reference{{Path: "/data/rep"}, {Path: "/data/rep/a"}, {Path: "/z"}, {Path: "/data/rep/n"}}},
		{`count(//x) + count(/data/*/y)`, []Reference{{Path: "/", Deep: true}, {Path: "/data", Deep: true}}, []Reference{{Path: "/", Deep: true}, {Path: "/data", Deep: true}}},
		{`once(random())`, []Reference{{Path: "."}}, []Reference{{Path: "/data/rep/q"}}},
		{`position(..)`, []Reference{{Path: ".."}}, []Reference{{Path: "/data/rep"}}},
		{`pulldata('towns', 'l', 'n', /data/t)`, []Reference{{Instance: "towns", Path: "/", Deep: true}, {Path: "/data/t"}}, []Reference{{Instance: "towns", Path: "/", Deep: true}, {Path: "/data/t"}}},
		{`indexed-repeat(/data/rep/n, /data/rep, ../i)`, []Reference{{Path: "/data/rep/n"}, {Path: "/data/rep"}, {Path: "../i"}}, []Reference{{Path: "/data/rep/n"}, {Path: "/data/rep"}, {Path: "/data/rep/i"}}},
		{`/data/a/@id`, []Reference{{Path: "/data/a"}}, []Reference{{Path: "/data/a"}}},
		{`../../../../x`, []Reference{{Path: "../../../../x"}}, []Reference{{Path: "/x"}}},
		{`randomize(instance('l')/root/item[a], /data/seed)/name`,
			[]Reference{{Instance: "l", Path: "/root/item"}, {Instance: "l", Path: "/root/item/a"}, {Path: "/data/seed"}, {Instance: "l", Path: "/root/item/name"}},
			[]Reference{{Instance: "l", Path: "/root/item"}, {Instance: "l", Path: "/root/item/a"}, {Path: "/data/seed"}, {Instance: "l", Path: "/root/item/name"}}},
		{`instance(/data/which)/root`, []Reference{{Path: "/data/which"}, {Instance: "*", Path: "/root"}}, []Reference{{Path: "/data/which"}, {Instance: "*", Path: "/root"}}},
		{`'none' = 1`, nil, nil},
	} {
		e := compile(t, c.src, ODK)
		if got := e.References(); !slices.Equal(got, c.free) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.src, got, c.free)
		}
		if got := e.ReferencesFrom(at); !slices.Equal(got, c.from) {
			t.Errorf("%s at %s:\n got %+v\nwant %+v", c.src, at, got, c.from)
		}
	}
}
