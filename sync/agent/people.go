package agent

import (
	"context"
	"net/url"
	"strconv"

	"parvis/sync/protocol"
)

// NewCodes makes enrolment codes, by a supervisor of each of the studies.
func (c *Client) NewCodes(ctx context.Context, r protocol.CodesRequest) (protocol.CodesAnswer, error) {
	var a protocol.CodesAnswer
	err := c.post(ctx, "making a code", protocol.PathCodes, r, &a)
	return a, err
}

// Codes says what became of the codes of a study, or of all in which the person supervises where study is "".
func (c *Client) Codes(ctx context.Context, study string) (protocol.CodeList, error) {
	var list protocol.CodeList
	err := c.get(ctx, "asking what became of codes", protocol.PathCodes, map[string]string{"study": study}, &list)
	return list, err
}

// Devices lists the devices of a study, or of all in which the person supervises where study is "".
func (c *Client) Devices(ctx context.Context, study string) (protocol.DeviceList, error) {
	var list protocol.DeviceList
	err := c.get(ctx, "listing devices", protocol.PathDevices, map[string]string{"study": study}, &list)
	return list, err
}

// DeviceEnding tells what RevokeDevice and LoseDevice would touch; it is refused where they would be.
func (c *Client) DeviceEnding(ctx context.Context, device string) (protocol.DeviceEnding, error) {
	var what protocol.DeviceEnding
	err := c.get(ctx, "asking about the device", protocol.PathDevices+"/"+url.PathEscape(device)+"/ending", nil, &what)
	return what, err
}

// RevokeDevice shuts a device out. What it has not sent stays on it. The reason is for the audit log and may be empty.
func (c *Client) RevokeDevice(ctx context.Context, device, reason string) error {
	return c.endDevice(ctx, "shutting the device out", device, "/revoke", reason)
}

// LoseDevice writes a lost device off: as RevokeDevice, and what of it arrives later is told apart.
func (c *Client) LoseDevice(ctx context.Context, device, reason string) error {
	return c.endDevice(ctx, "writing the device off", device, "/lost", reason)
}

func (c *Client) endDevice(ctx context.Context, doing, device, how, reason string) error {
	var nothing struct{}
	return c.post(ctx, doing, protocol.PathDevices+"/"+url.PathEscape(device)+how, protocol.EndRequest{Reason: reason}, &nothing)
}

// Audit gets a page of the audit log, the newest line first; before is that of the page before, 0 for the newest page.
func (c *Client) Audit(ctx context.Context, study string, before int64) (protocol.AuditPage, error) {
	query := map[string]string{"study": study}
	if before > 0 {
		query["before"] = strconv.FormatInt(before, 10)
	}
	var page protocol.AuditPage
	err := c.get(ctx, "reading the audit log", protocol.PathAudit, query, &page)
	return page, err
}
