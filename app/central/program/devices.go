package program

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

type enrol struct {
	data
	Study       []string      `help:"The study; may be given several times." required:"" placeholder:"STUDY"`
	Interviewer string        `help:"The interviewer's code, such as 0417." required:"" placeholder:"CODE"`
	Valid       time.Duration `help:"How long the code is valid." default:"24h"`
	Count       int           `help:"How many codes, one for each device." default:"1"`
	Quiet       bool          `short:"q" help:"Print the codes and nothing else."`
	drawing
}

// mostCodes is how many codes are made at once; each takes a moment to hash.
const mostCodes = 1000

// Run prints the codes, this once.
func (e *enrol) Run(ctx context.Context, m *Main) error {
	if e.Count < 1 || e.Count > mostCodes {
		return fmt.Errorf("--count is 1 to %d", mostCodes)
	}
	if err := e.check(e.Count); err != nil {
		return err
	}
	store, err := m.open(ctx, e.data, false)
	if err != nil {
		return err
	}
	var cards []card
	for range e.Count {
		code, err := store.NewCode(ctx, centralstore.CodeOrder{Studies: e.Study, Interviewer: e.Interviewer, Valid: e.Valid, Actor: actor()})
		if err != nil {
			return err
		}
		cards = append(cards, card{Code: code.Text, Interviewer: e.Interviewer, Studies: strings.Join(e.Study, ", "), Until: when(code.Expires)})
		if e.Quiet {
			m.print("%s\n", code.Text)
			continue
		}
		m.print("  %s   for interviewer %s, study %s, once, until %s\n", code.Text, e.Interviewer, strings.Join(e.Study, ", "), when(code.Expires))
	}
	if !e.Quiet {
		m.print("In the field app: Enrol, then central's address and the code. Capitals, spaces and the dash do not matter.\n")
	}
	return e.draw(m, cards)
}

type phone struct {
	List   phoneList   `cmd:"" help:"List the devices."`
	Revoke phoneRevoke `cmd:"" help:"Shut a device out. What it has not sent stays on it."`
	Lost   phoneLost   `cmd:"" help:"Write a lost device off: as revoke, and what of it arrives later is told apart."`
	Erase  phoneErase  `cmd:"" help:"Shut a device out and destroy what it holds, unsent or not. Only for the owner of the study."`
	Unlock phoneUnlock `cmd:"" help:"Show the code that opens a device whose PIN is forgotten."`
}

type phoneList struct{ data }

// Run lists the devices.
func (p *phoneList) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, p.data, false)
	if err != nil {
		return err
	}
	devices, err := store.ListDevices(ctx)
	if err != nil {
		return err
	}
	if len(devices) == 0 {
		m.print("No device has enrolled yet.\n")
		return nil
	}
	table(m.p.Stdout, deviceRows(m, devices))
	return nil
}

func deviceRows(m *Main, devices []delivery.DeviceState) [][]string {
	rows := [][]string{{"INTERVIEWER", "DEVICE", "SYSTEM", "LAST SEEN", "MISSING"}}
	for _, d := range devices {
		seen := ago(m.p.Now().Sub(time.UnixMilli(d.LastSeen)))
		if d.Revoked {
			seen += ", " + map[bool]string{false: "shut out", true: "lost"}[d.Lost]
		}
		who := d.Interviewer
		if d.Account != "" {
			who = "laptop of " + d.Account
		}
		rows = append(rows, []string{who, d.Device, d.Platform, seen, missingWords(d.Missing)})
	}
	return rows
}

// missingWords counts what a device has made and not delivered.
func missingWords(ranges []delivery.Range) string {
	total := int64(0)
	for _, r := range ranges {
		total += r.Last - r.First + 1
	}
	if total == 0 {
		return "nothing"
	}
	return plural(int(total), "record", "records")
}

type phoneRevoke struct {
	data
	Device string `arg:"" help:"The device, as central device list shows it."`
}

// Run shuts the device out.
func (p *phoneRevoke) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, p.data, false)
	if err != nil {
		return err
	}
	if err := store.RevokeDevice(ctx, p.Device, actor()); err != nil {
		return err
	}
	m.print("The device is shut out. What it has not sent stays on it, and is taken in when it enrols again with a new code.\n")
	return nil
}

type phoneLost struct {
	data
	Device string `arg:"" help:"The device, as central device list shows it."`
}

// Run writes the device off.
func (p *phoneLost) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, p.data, false)
	if err != nil {
		return err
	}
	if err := store.LoseDevice(ctx, p.Device, actor()); err != nil {
		return err
	}
	m.print("The device is written off and shut out. Should it be found: with a new code it delivers what it still holds, which is kept and told apart as late.\n")
	return nil
}

type phoneUnlock struct {
	data
	Device string `arg:"" help:"The device, as central device list shows it."`
}

// Run shows the device's recovery code and notes in the audit log who asked for it.
func (p *phoneUnlock) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, p.data, false)
	if err != nil {
		return err
	}
	code, err := store.RecoveryCode(ctx, p.Device, actor())
	if err != nil {
		return err
	}
	m.print("%s\n\nIn the field app: Forgot the PIN?, then this code and a new PIN. Tell it only to the interviewer whose device it is.\n", code)
	return nil
}

type phoneErase struct {
	data
	Device  string `arg:"" help:"The device, as central device list shows it."`
	Confirm string `name:"destroy-unsent-of" required:"" help:"The interviewer of the device, to show that exactly this device is meant."`
}

// Run orders the device to destroy what it holds as soon as it asks.
func (p *phoneErase) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, p.data, false)
	if err != nil {
		return err
	}
	devices, err := store.ListDevices(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(devices, func(d delivery.DeviceState) bool { return d.Device == p.Device })
	if at < 0 {
		return fmt.Errorf("there is no device %s", p.Device)
	}
	if devices[at].Interviewer != p.Confirm {
		return fmt.Errorf("the device %s is not that of %s; central device list shows whose it is", p.Device, p.Confirm)
	}
	if err := store.EraseDevice(ctx, p.Device, actor()); err != nil {
		return err
	}
	m.print("The device is shut out, and destroys what it holds when it next asks with its PIN entered. Until then it may still hand in a file.\n")
	return nil
}
