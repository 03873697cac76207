package agent

import (
	"context"
	"net/http"
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

// Devices lists the devices of a study, or of all in which the person supervises where study is "".
func (c *Client) Devices(ctx context.Context, study string) (protocol.DeviceList, error) {
	var list protocol.DeviceList
	err := c.get(ctx, "listing devices", protocol.PathDevices, map[string]string{"study": study}, &list)
	return list, err
}

// RevokeDevice shuts a device out. What it has not sent stays on it.
func (c *Client) RevokeDevice(ctx context.Context, device string) error {
	return c.endDevice(ctx, "shutting the device out", device, "/revoke")
}

// LoseDevice writes a lost device off: as RevokeDevice, and what of it arrives later is told apart.
func (c *Client) LoseDevice(ctx context.Context, device string) error {
	return c.endDevice(ctx, "writing the device off", device, "/lost")
}

func (c *Client) endDevice(ctx context.Context, doing, device, how string) error {
	var nothing struct{}
	return c.exchangeJSON(ctx, exchange{doing: doing, method: http.MethodPost, path: protocol.PathDevices + "/" + url.PathEscape(device) + how}, &nothing)
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
