package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// Post sends the letters that accounts ask for.
type Post struct {
	Accounts *account.Accounts
	Sender   *Sender
	Public   *url.URL // where browsers reach the desk
	Log      *slog.Logger
}

// Work sends the letter that a job asks for: its subject is account's. The
// link is made now, so that neither the job nor the database ever held it;
// where the letter is sent again, the earlier link ends.
func (p *Post) Work(ctx context.Context, subject string) error {
	if account.IsAlert(subject) {
		return p.alert(ctx, subject)
	}
	to, token, due, err := p.Accounts.LinkToMail(ctx, subject)
	if err != nil || !due {
		return err
	}
	err = p.Sender.Send(ctx, passwordLetter(to, account.OnceURL(p.Public, token)))
	if errors.Is(err, ErrRefused) {
		p.Log.WarnContext(ctx, "password link not sent", "user", to.ID, "error", err.Error())
		return nil
	}
	return err
}

// passwordLetter is in the person's language, or in both where that is not known.
func passwordLetter(to desk.User, link string) Letter {
	return letter(to.Email, to.Language,
		text.Text{ZH: "重设您的持平密码", EN: "Set a new password for Evenhand"},
		text.Text{ZH: fmt.Sprintf(passwordZH, orElse(to.Name, to.Login), to.Login, link), EN: fmt.Sprintf(passwordEN, orElse(to.Name, to.Login), to.Login, link)})
}

// letter is in a language, or in both, one after the other, where it is not known.
func letter(to, language string, subject, text text.Text) Letter {
	switch language {
	case "zh":
		return Letter{To: to, Subject: subject.ZH, Text: text.ZH}
	case "en":
		return Letter{To: to, Subject: subject.EN, Text: text.EN}
	}
	return Letter{To: to, Subject: subject.ZH + " / " + subject.EN, Text: text.ZH + "\n" + strings.Repeat("-", 40) + "\n\n" + text.EN}
}

const passwordZH = `%s，您好：

有人在持平登录页申请为账号 %s 重设密码。请在一小时内打开下面的链接设置新密码，链接只能使用一次：

%s

如果不是您本人操作，请忽略这封邮件：不打开链接，密码就不会改变。请勿将链接转发给任何人，我们也不会向您索要。

持平
`

const passwordEN = `Hello %s,

Somebody asked on Evenhand's sign-in page for a new password for the account %s. To choose one, open this link within an hour; it works once:

%s

If that was not you, there is nothing to do: as long as nobody opens the link, your password stays as it is. Please do not pass the link on. Nobody at Evenhand will ever ask you for it.

Evenhand
`

func orElse(s, d string) string {
	if s == "" {
		return d
	}
	return s
}
