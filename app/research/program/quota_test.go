package program

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The command plays the study, prints a line for each way, gap and tolerance, and draws a picture that can be opened.
func TestQuotaSimulate(t *testing.T) {
	t.Parallel()
	picture := filepath.Join(t.TempDir(), "quotas.png")
	status, out, errs := run("quota", "simulate", "--seeds", "4", "--gap", "1,8", "--tolerance", "0,2", "--picture", picture)
	if status != 0 || errs != "" {
		t.Fatalf("%d: %s", status, errs)
	}
	for _, want := range []string{"600 interviews in 8 cells, 12 interviewers", "leased rights", "even split", "shared counts", "played 4 times", "by chance", "8 h is the end"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	lines := 0
	for line := range strings.SplitSeq(out, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 12 || fields[1] != "h" {
			continue
		}
		lines++
		beyond, err := strconv.ParseFloat(fields[5], 64)
		if err != nil {
			t.Errorf("%v in %q", err, line)
		}
		tolerant := fields[2] != "0"
		if fields[3] == "leased" && !tolerant && beyond != 0 || fields[3] == "shared" && beyond == 0 {
			t.Errorf("%q", line)
		}
	}
	if lines != 12 {
		t.Errorf("%d lines in\n%s", lines, out)
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() < 1000 {
		t.Errorf("the picture: %v", err)
	}
}

func TestQuotaSimulateTakesTheQuotasOfAStudy(t *testing.T) {
	t.Parallel()
	status, out, errs := run("quota", "simulate", "../../../assets/studies/mall-exit.xlsx", "--seeds", "1", "--gap", "8", "--tolerance", "0", "--devices", "3", "--clock")
	if status != 0 || !strings.Contains(out, "by the clock") || !strings.Contains(out, "3 interviewers") || strings.Contains(out, "600 interviews in 8 cells") {
		t.Errorf("%d: %s%s", status, out, errs)
	}
}

func TestQuotaSimulateRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--devices", "0"}, {"--rate", "NaN"}, {"--gap", "9"}, {"--gap", "0"}, {"--tolerance=-1"}, {"--devices", "100000000"}, {"--alike", "-1"}, {"--minutes=-1"}, {"--minutes", "NaN"}, {"--minutes", "481"},
		{"--picture", "x.bmp", "--seeds", "1", "--gap", "8", "--tolerance", "0"}, {filepath.Join(t.TempDir(), "none.xlsx")},
	} {
		if status, out, errs := run(append([]string{"quota", "simulate"}, args...)...); status == 0 || errs == "" {
			t.Errorf("%v: %d %s%s", args, status, out, errs)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var errs strings.Builder
	m := New(Params{Stdin: strings.NewReader(""), Stdout: &errs, Stderr: &errs, Getenv: func(string) string { return "" }})
	if status := m.Run(ctx, []string{"quota", "simulate"}); status != 1 || !strings.Contains(errs.String(), "stopped") {
		t.Errorf("%d: %s", status, errs.String())
	}
}
