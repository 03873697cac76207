package export

import (
	"encoding/json"
	"strings"
	"testing"

	"parvis/internal/delivery"
)

func TestDecisionsAboutInterviewsAreRows(t *testing.T) {
	t.Parallel()
	id := func(n string) string { return "0197f3a4-1000-7f01-8f00-00000000f00" + n }
	decided := func(n string, kind delivery.DecisionKind, body, reason string, made, received int64) Record {
		whole, err := json.Marshal(delivery.StoredDecision{Decision: delivery.Decision{
			ID: id(n), Study: "visit", Kind: kind, Subject: "i1", Body: json.RawMessage(body), Reason: reason, MadeAt: made, MadeBy: "ines",
		}, ReceivedAt: received})
		if err != nil {
			t.Fatal(err)
		}
		return Record{Kind: KindDecision, ID: id(n), Body: whole}
	}
	got := exported(t, Params{},
		decided("1", delivery.ReviewAccept, `{"revision":1}`, "", 1786440500000, 1786440600000),
		decided("2", delivery.ReviewReject, `{"revision":2}`, "=not, \"asked\"", 1786440500000, 1786440400123), // a clock ahead
		decided("3", delivery.ReviewReturn, `{"revision":2,"message":"Look"}`, "", 1786440500000, 1786440600000),
		decided("4", delivery.BackCheck, `{"revision":2,"result":"minor"}`, "the age", 1786440500000, 1786440600000),
		decided("5", delivery.ReviewComment, `{"revision":2}`, "fine", 1786440500000, 1786440600000),
		decided("6", "quota_of_a_later_version", `{}`, "x", 1786440500000, 1786440600000),
	)
	same(t, got, Reviews, `interview,decision,revision,result,reason,message,by,time,id
i1,review_accept,1,,,,ines,2026-08-11T09:28:20.000Z,`+id("1")+`
i1,review_reject,2,,"=not, ""asked""",,ines,2026-08-11T09:26:40.123Z,`+id("2")+`
i1,review_return,2,,,Look,ines,2026-08-11T09:28:20.000Z,`+id("3")+`
i1,back_check,2,minor,the age,,ines,2026-08-11T09:28:20.000Z,`+id("4")+`
i1,review_comment,2,,fine,,ines,2026-08-11T09:28:20.000Z,`+id("5")+`
`)
	if book := got.raw(t, Codebook); !strings.Contains(book, "reviews.csv,decision,") || !strings.Contains(book, "review_reject") {
		t.Error("the codebook does not explain the reviews")
	}
}
