package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/go-resty/resty/v2"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Client makes single exchanges with one central. It keeps no state beside the token and never tries twice. It is safe for
// concurrent use, Authorise excepted.
type Client struct {
	http     *resty.Client
	compress *protocol.Compressor
	now      func() time.Time
	token    string
	patience time.Duration
	epochs   []delivery.EpochNumbers // of a device, the present one first
	traffic  func(up, down int64)    // of bodies, also of exchanges that broke
	skew     func(time.Duration)
}

// ClientParams is what a Client needs.
type ClientParams struct {
	Central   string            // base URL as a person may type it
	Token     string            // "" before enrolling or signing in
	Transport http.RoundTripper // nil for one of its own
	Now       func() time.Time
	Logger    *slog.Logger // nil for none
	// Patience is how long an exchange may stand still, with no byte moving either way, before it is given up; 0 for the usual. How
	// long an exchange takes while bytes move does not matter.
	Patience time.Duration
	// Compress is lent by who makes clients often, since one takes megabytes; nil for one of its own.
	Compress *protocol.Compressor
}

// NewClient checks the address, which must be https or this machine.
func NewClient(p ClientParams) (*Client, error) {
	base, err := Address(p.Central)
	if err != nil {
		return nil, err
	}
	if p.Compress == nil {
		if p.Compress, err = protocol.NewCompressor(); err != nil {
			return nil, failed("preparing the connection", Storage, err)
		}
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	transport := p.Transport
	if transport == nil {
		transport = NewTransport()
	}
	if p.Patience <= 0 {
		p.Patience = patience
	}
	transport = newSpeaker(watchedTripper{transport}, protocol.Versions())
	rc := resty.NewWithClient(&http.Client{Transport: transport}).
		SetBaseURL(base).
		SetRetryCount(0).
		SetRedirectPolicy(resty.NoRedirectPolicy()). // a token goes to central and nowhere else
		SetResponseBodyLimit(protocol.MaxAnswerBytes).
		SetDisableWarn(true).
		SetLogger(quiet{p.Logger}).
		SetHeader("Accept", protocol.ContentJSON+", "+protocol.ContentProblem)
	return &Client{
		http: rc, compress: p.Compress, now: p.Now, token: p.Token, patience: p.Patience, traffic: func(int64, int64) {}, skew: func(time.Duration) {},
	}, nil
}

// Authorise uses another token from now on.
func (c *Client) Authorise(token string) { c.token = token }

// exchange is one request and its answer.
type exchange struct {
	doing       string
	method      string
	path        string
	query       map[string]string
	body        []byte // JSON, or nil
	contentType string
	header      map[string]string
	patience    time.Duration // 0 for the client's
}

// answer is what came back, inflated.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do makes the exchange; an answer other than 2xx is an Error.
func (c *Client) do(ctx context.Context, x exchange) (answer, error) {
	body := x.body
	watched, pulse, stop := watch(ctx, max(c.patience, x.patience))
	defer stop()
	req := c.http.R().SetContext(watched).SetHeaders(x.header).SetQueryParams(x.query).
		SetHeader("Accept-Encoding", protocol.EncodingZstd).
		SetHeader(protocol.ClockHeader, strconv.FormatInt(c.now().UnixMilli(), 10))
	if c.token != "" {
		req.SetAuthToken(c.token)
	}
	if len(c.epochs) > 0 && c.epochs[0].High > 0 {
		req.SetHeader(protocol.HighSeqHeader, strconv.FormatInt(c.epochs[0].High, 10))
	}
	if body != nil {
		contentType := x.contentType
		if contentType == "" {
			contentType = protocol.ContentJSON
			body = c.compress.Compress(body)
			req.SetHeader("Content-Encoding", protocol.EncodingZstd)
		}
		req.SetBody(body).SetHeader("Content-Type", contentType)
	}
	sent := c.now()
	res, err := req.Execute(x.method, x.path)
	c.traffic(pulse.up.Load(), pulse.down.Load())
	if err != nil {
		if cause := context.Cause(watched); errors.Is(cause, errStalled) {
			err = cause
		}
		return answer{}, c.unreached(ctx, x.doing, err)
	}
	c.measure(sent, res)
	return c.read(x.doing, res)
}

func (c *Client) unreached(ctx context.Context, doing string, err error) error {
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return failed(doing, Cancelled, ctx.Err())
	case errors.Is(err, errOtherMachine):
		return failed(doing, WrongRelay, nil)
	case errors.Is(err, resty.ErrResponseBodyTooLarge):
		return failed(doing, BadAnswer, err)
	case errors.Is(err, resty.ErrAutoRedirectDisabled):
		return failed(doing, NotCentral, err)
	}
	return failed(doing, Offline, err)
}

// measure compares central's clock with the middle of the exchange.
func (c *Client) measure(sent time.Time, res *resty.Response) {
	ms, err := strconv.ParseInt(res.Header().Get(protocol.ClockHeader), 10, 64)
	if err != nil {
		return
	}
	received := c.now()
	middle := sent.Add(received.Sub(sent) / 2)
	c.skew(middle.Sub(time.UnixMilli(ms)))
}

func (c *Client) read(doing string, res *resty.Response) (answer, error) {
	version, err := strconv.Atoi(res.Header().Get(protocol.VersionHeader))
	if err != nil {
		return answer{}, failed(doing, NotCentral, fmt.Errorf("status %d without a protocol version", res.StatusCode()))
	}
	if mine := protocol.Versions(); version < mine[0] {
		return answer{}, failed(doing, CentralTooOld, fmt.Errorf("central speaks version %d, this app %v", version, mine))
	}
	body, err := inflate(res)
	if err != nil {
		return answer{}, failed(doing, BadAnswer, err)
	}
	if res.IsSuccess() {
		return answer{status: res.StatusCode(), header: res.Header(), body: body}, nil
	}
	return answer{}, refusal(doing, res, body, c.token != "")
}

// refusal turns an answer that is no success into an Error.
func refusal(doing string, res *resty.Response, body []byte, authorised bool) error {
	problem := protocol.Problem{Status: res.StatusCode(), Title: http.StatusText(res.StatusCode())}
	if err := json.Unmarshal(body, &problem); err != nil {
		problem.Retryable = res.StatusCode() >= 500
	}
	return &Error{Doing: doing, Reason: reasonFor(problem, authorised), Problem: &problem, RetryAfter: retryAfter(res.Header().Get("Retry-After"))}
}

func reasonFor(p protocol.Problem, authorised bool) Reason {
	switch p.Code {
	case protocol.CodeBadCode:
		return BadCode
	case protocol.CodeBadPassword:
		return BadPassword
	case protocol.CodeOTPNeeded:
		return OTPNeeded
	case protocol.CodeBadOTP:
		return BadOTP
	case protocol.CodeRevoked:
		return Revoked
	case protocol.CodeErase:
		return Erase
	case protocol.CodeForbidden:
		return Forbidden
	case protocol.CodeVersion:
		return AppTooOld
	case protocol.CodeTooMany:
		return TooMany
	case protocol.CodeUnauthorised:
		if authorised {
			return SignInAgain
		}
		return NotEnrolled
	}
	if p.Retryable || p.Status >= 500 {
		return CentralTrouble
	}
	return reasonForStatus(p, authorised)
}

// reasonForStatus makes out what it can of a code that a newer central has, or that something on the way did not give.
func reasonForStatus(p protocol.Problem, authorised bool) Reason {
	switch {
	case p.Status == http.StatusUnauthorized && authorised:
		return SignInAgain
	case p.Status == http.StatusForbidden:
		return Forbidden
	case p.Status == http.StatusTooManyRequests:
		return TooMany
	case p.Status == http.StatusUpgradeRequired:
		return AppTooOld
	case p.Status == http.StatusRequestTimeout:
		return CentralTrouble
	}
	return Refused
}

// retryAfter reads the seconds of a Retry-After; other forms count as none, for they depend on two clocks.
func retryAfter(value string) time.Duration {
	seconds, err := strconv.Atoi(value)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, time.Hour)
}
