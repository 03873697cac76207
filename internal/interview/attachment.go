package interview

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"parvis/internal/xform"
)

// Attachment is a file that is the answer to a question. The answer itself is its name.
type Attachment struct {
	Name   string `json:"name"`   // as the answer has it, "shelf-0a1b2c3d.jpg"
	SHA256 string `json:"sha256"` // of the file, in lower-case hex
	Size   int64  `json:"size"`   // of the file in bytes
	// Question is a reference such as /data/visit/shelf.
	Question string `json:"question"`
}

// ErrPersonalFile: the question is personal, and a file cannot be sealed.
var ErrPersonalFile = errors.New("a file cannot be the answer to a personal question, since it could not be sealed")

// MostAttachment is how many bytes a file may have.
const MostAttachment = 8 << 20

var (
	attachmentName = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.-]{0,120}\.[a-z0-9]{1,5}$`)
	attachmentSum  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Valid tells whether the name can be that of a file in one folder, and the rest may be true. What comes from elsewhere must be
// valid before its name becomes a path.
func (a Attachment) Valid() bool {
	return attachmentName.MatchString(a.Name) && attachmentSum.MatchString(a.SHA256) && a.Size > 0 && a.Size <= MostAttachment
}

// AttachmentName names a file by its question and the first digits of its sum: two pictures of one question differ in their names,
// the same picture chosen again does not.
func AttachmentName(question, sha256, extension string) string {
	return fmt.Sprintf("%.80s-%.8s%s", question, sha256, extension)
}

// AnswerWithFile answers with a file that whoever calls has saved already; the answer is the file's name. The step keeps the rest, so
// that a resumed interview knows it too.
func (s *Session) AnswerWithFile(ctx context.Context, a Attachment) error {
	ref := xform.Ref(a.Question)
	return s.change(ctx, func() (*Step, error) {
		if !a.Valid() {
			return nil, fmt.Errorf("the file %q cannot be an answer", a.Name)
		}
		if s.isPersonal(ref) {
			return nil, ErrPersonalFile
		}
		before := s.in.Value(ref)
		if err := s.set(ref, a.Name); err != nil {
			return nil, err
		}
		step := s.step(StepAnswer, ref)
		step.Changed = before != "" && before != a.Name
		step.File = &a
		return &step, nil
	})
}

// Attachment finds a file that was given as an answer in this interview, also one that no longer is.
func (s *Session) Attachment(name string) (a Attachment, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok = s.log.files[name]
	return a, ok
}

// attach remembers the file of an answer.
func (p *paradata) attach(s Step) {
	if s.File == nil {
		return
	}
	if p.files == nil {
		p.files = map[string]Attachment{}
	}
	p.files[s.File.Name] = *s.File
}

// attachments lists the files whose names stand in the submission, each at the question that names it now: taking out one of a
// repeat moves the others.
func (s *Session) attachments() (standing []Attachment, err error) {
	if len(s.log.files) == 0 {
		return nil, nil
	}
	_, err = s.in.Submission(func(ref xform.Ref) bool {
		a, given := s.log.files[s.in.Value(ref)]
		if q, asked := s.in.Question(ref); given && asked && q.Control == xform.Upload {
			a.Question = string(ref)
			standing = append(standing, a)
		}
		return false
	})
	return standing, err
}
