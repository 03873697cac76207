package program

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parvis/internal/centralstore"
)

type message struct {
	Send messageSend `cmd:"" help:"Write to one interviewer, one device, or everybody in a study."`
	List messageList `cmd:"" help:"List what was written, and who has read it."`
}

type messageSend struct {
	data
	Study       string   `help:"The study." required:"" placeholder:"STUDY"`
	Interviewer string   `help:"To one interviewer only, by code." xor:"to" placeholder:"CODE"`
	Device      string   `help:"To one device only, as central device list shows it." xor:"to" placeholder:"DEVICE"`
	Text        []string `arg:"" help:"What to say."`
}

// Run keeps the message for the devices to pull.
func (s *messageSend) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, s.data, false)
	if err != nil {
		return err
	}
	sent, err := store.SendMessage(ctx, centralstore.MessageOrder{
		Study: s.Study, Interviewer: s.Interviewer, Device: s.Device, Text: strings.Join(s.Text, " "), Actor: actor(),
	})
	if err != nil {
		return err
	}
	m.print("Kept for %s. It is there with their next synchronisation.\n", recipient(sent.Interviewer, sent.Device))
	return nil
}

func recipient(interviewer, device string) string {
	switch {
	case device != "":
		return "device " + device
	case interviewer != "":
		return "interviewer " + interviewer
	}
	return "everybody in the study"
}

type messageList struct {
	data
	Study string `help:"The study." required:"" placeholder:"STUDY"`
	Limit int    `help:"How many at most." default:"50"`
}

// Run lists the messages, the latest first.
func (l *messageList) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, l.data, false)
	if err != nil {
		return err
	}
	list, err := store.Messages(ctx, l.Study, l.Limit)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		m.print("Nothing has been written in %s.\n", l.Study)
		return nil
	}
	rows := [][]string{{"SENT", "FROM", "TO", "READ BY", "TEXT"}}
	for _, one := range list {
		read := strings.Join(one.ReadBy, ", ")
		if read == "" {
			read = "nobody yet"
		}
		rows = append(rows, []string{ago(m.p.Now().Sub(time.UnixMilli(one.At))), one.From, recipient(one.Interviewer, one.Device), read, oneLine(one.Text)})
	}
	table(m.p.Stdout, rows)
	return nil
}

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return fmt.Sprintf("%s...", string(runes[:57]))
	}
	return text
}
