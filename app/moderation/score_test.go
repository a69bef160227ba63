package moderation

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"vitrine/app/works"
)

// sample is a post as people write them.
type sample struct {
	name, title, story, credits string
	tags                        []string
}

func (s sample) post() works.Post {
	return works.Post{Title: s.title, Story: s.story, Credits: s.credits, Tags: s.tags}
}

// honest portfolios of many countries: none of them may wait for a person.
var honest = []sample{
	{name: "plain", title: "Low Water", story: "A tidal flat near the old harbour, photographed on eleven mornings."},
	{name: "no words at all"},
	{name: "a file name", title: "DSC 0012345678"},
	{name: "another file name", title: "20231005 142210"},
	{name: "a phone's file name", title: "PXL 20231005 142210123"},
	{name: "a time stamp", title: "1697040000000"},
	{name: "years", title: "Harbour, 2019–2024"},
	{name: "a date", title: "Opening 12.10.2024"},
	{name: "a range of frames", title: "Frames 0001-0250"},
	{name: "capitals", title: "KAMMERMUSIK / PLAKATE / 2024", story: "Poster series for a chamber music festival."},
	{name: "own site", title: "Identity for a bakery", story: "Logo, type and packaging.", credits: "More: https://www.harbour-field.com"},
	{name: "own site and mail", title: "Ceramics", story: "Available from the studio: hello@nord-atelier.se, https://nord-atelier.se/shop"},
	{name: "homes", title: "Showreel", story: "https://vimeo.com/12345 https://www.instagram.com/me https://www.behance.net/me https://dribbble.com/me https://youtu.be/x"},
	{name: "credits with sites", title: "Campaign", credits: "Photography: Ana, https://ana.photo\nStyling: Bo, bo-styling.com\nModel: Cy, cymodels.net\nMusic: https://soundcloud.com/dee"},
	{name: "a site redesigned", title: "Booking.com, redesigned", story: "A study. Nobody asked for it."},
	{name: "node", title: "Node.js conference", story: "Stage design."},
	{name: "a real casino", title: "Casino at Constanța", story: "The abandoned casino on the Black Sea, built in 1910. https://example-photo.ro"},
	{name: "money", title: "Coins", story: "Still lifes of coins and banknotes; $5, €10, £20 and crypto tokens as sculptures."},
	{name: "symbols", title: "☀ Summer", story: "Sun prints."},
	{name: "emoji", title: "Happy birthday 🎂", story: "Cards for friends 🎈🎈🎈"},
	{name: "Delta", title: "Δt", story: "Time-lapse; Δt is four seconds, the λ-filter 700 nm, 20 µm pixels."},
	{name: "telephone in the story", title: "Open studio", story: "Come by on Friday or call +49 30 1234567. Entrance in the yard."},
	{name: "German", title: "Fünf Uhr früh am Hafen", story: "Schwarzweißserie über die letzten Fischer von Büsum. Gefördert von der Kulturstiftung. Mehr auf www.hafen-foto.de."},
	{name: "French", title: "Été à Orléans", story: "Une série sur la chaleur. Tirages disponibles sur demande : atelier@exemple.fr", credits: "Étalonnage : Zoé"},
	{name: "Spanish", title: "¡Qué calor!", story: "Carteles para una fiesta de barrio. Impresión en serigrafía a tres tintas."},
	{name: "Portuguese", title: "Azulejos", story: "Padrões desenhados à mão, digitalizados e repetidos. Ver também https://azulejo.pt"},
	{name: "Polish", title: "Żółta łódź", story: "Ilustracje do książki dla dzieci. Wydawnictwo: https://przyklad.pl"},
	{name: "Turkish", title: "İstanbul’da sabah", story: "Vapur iskeleleri, sis ve martılar. Orta format film."},
	{name: "Russian", title: "Казино на закате", story: "Съёмка заброшенного здания. IT-отдел помог с дроном. Мой сайт: https://foto-primer.ru"},
	{name: "Ukrainian", title: "Їжак у тумані", story: "Ілюстрації гуашшю, 12 аркушів."},
	{name: "Bulgarian capitals", title: "ПЛАКАТИ", story: "Серия плакати за театър."},
	{name: "Greek", title: "Θάλασσα", story: "Φωτογραφίες από τις Κυκλάδες, 2022. Εκτυπώσεις κατόπιν παραγγελίας."},
	{name: "Arabic", title: "المدينة بعد الظهر", story: "سلسلة صور من عمّان القديمة. الموقع: https://example.jo"},
	{name: "Persian with joiners", title: "می\u200cخواهم", story: "خوشنویسی با قلم نی. کتاب\u200cها و می\u200cنوشتم."},
	{name: "Hebrew", title: "בוקר בנמל", story: "סדרת צילומים בשחור לבן."},
	{name: "Hindi", title: "क्\u200dया रंग है", story: "बाज़ार की तस्वीरें, जयपुर।"},
	{name: "Chinese", title: "雨中的上海", story: "胶片摄影，2023 年。更多作品：https://example.cn/gallery"},
	{name: "Japanese", title: "港の朝", story: "六×六のモノクロ写真。展示のお知らせはこちら https://example.jp"},
	{name: "Korean", title: "겨울 바다", story: "강원도에서 찍은 흑백 사진 연작."},
	{name: "Thai", title: "ตลาดเช้า", story: "ภาพถ่ายตลาดเช้าในเชียงใหม่"},
	{name: "Vietnamese", title: "Phố cổ Hội An", story: "Ảnh phim, chụp bằng máy ảnh cũ của ông."},
	{name: "weight loss", title: "Weight", story: "A sculpture about losing weight: forty kilograms of lead, filed away over a year."},
	{name: "an essay", title: "How I write my essays", story: "Illustrations for a magazine about students.", credits: "Text: M. Roe"},
	{name: "a shop", title: "Prints for sale", story: "Limited edition of 30, 40 × 50 cm, signed. Buy at https://prints.example.com"},
	{name: "telegram channel", title: "Zine no. 4", story: "Daily sketches are on https://t.me/zine and the whole thing on https://zine.example.org"},
	{name: "an arXiv paper", title: "Fluid simulations", story: "Method from https://arxiv.org/abs/2101.00001, code at https://github.com/x/y, data at https://zenodo.org/1."},
	{name: "a long story", title: "The river", story: strings.Repeat("We walked along the river and drew what we saw. ", 100)},
	{name: "an exclamation", title: "Wow!", story: "What a day! It rained! Then the sun came!"},
	{name: "ordinal numbers", title: "10 000 steps, 5 cities, 3 days"},
	{name: "ISBN", title: "Book design, ISBN 978-3-16-148410-0", story: "Thread sewing, 320 pages."},
	{name: "film stock", title: "Portra 400 / 120 / 6x7", story: "Shot on f/2.8, 1/250."},
	{name: "coordinates", title: "54.3233, 10.1228"},
}

// spam as it is met; each waits for a person.
var spam = []sample{
	{name: "casino", title: "Best online casino 2025", story: "Free spins for new players: https://win-big.top"},
	{name: "casino, Russian", title: "Лучшее онлайн казино", story: "Игровые автоматы и бонусы на https://vulkan777.xyz"},
	{name: "betting, Turkish", title: "Güvenilir kaçak bahis siteleri", story: "Deneme bonusu veren siteler burada."},
	{name: "slots, Indonesian", title: "Situs slot gacor hari ini", story: "Daftar sekarang"},
	{name: "gambling, Chinese", title: "网上赌场", story: "最佳娱乐城 https://example.vip"},
	{name: "gambling, Korean", title: "안전한 카지노사이트", story: "가입하세요 https://example.bet"},
	{name: "loan", title: "Instant loan approval", story: "Apply at https://loans.example.click"},
	{name: "link in the title", title: "Visit https://cheap-watches.shop now", story: "Great watches."},
	{name: "bare link in the title", title: "cheap-watches.shop/sale", story: "Great watches."},
	{name: "mail in the title", title: "Contact deals@example.com"},
	{name: "telephone in the title", title: "Plumber Dubai +971 50 123 4567"},
	{name: "shortener", title: "My holiday", story: "See the rest: https://bit.ly/3xYzAbC"},
	{name: "two phrases", title: "Followers", story: "Buy instagram followers and rank your website today."},
	{name: "chat and phrase", title: "Documents", story: "Get a driving licence, work visa guaranteed. https://wa.me/123456789"},
	{name: "look-alikes", title: "Саsino bоnus", story: "Come and рlay wіth us."},
	{name: "farm of links", title: "Resources", story: "a1.com b2.com c3.com d4.com e5.com f6.com g7.com h8.com i9.com"},
	{name: "forum code", title: "Pills", story: "[url=https://pills.example.su]cheap viagra[/url]"},
	{name: "escorts", title: "Beautiful company", story: "Escort service in your city, call girls 24/7."},
	{name: "diploma", title: "Купить диплом", story: "Быстро и надёжно: https://diplom.example.ru"},
	{name: "loud", title: "AMAZING!!! 💰💰💰💰", story: strings.Repeat("MAKE MONEY ONLINE TODAY AND BE FREE. ", 5)},
	{name: "invisible", title: "Gr\u200beat d\u200beals", story: "W\u200brite to us: https://wa.me/1 and https://t.me/x"},
	{name: "essays", title: "Essay writing service", story: "Top grades: https://essays.example.online"},
	{name: "recovery", title: "Crypto recovery experts", story: "Recover your crypto, contact us on WhatsApp"},
	{name: "links in tags", title: "Nice", story: "limited time offer, order now and get one", tags: []string{"https://a.example.com"}},
}

// Precision first: a person who shows honest work is not made to wait.
func TestScore_honest(t *testing.T) {
	if len(honest) < 40 {
		t.Fatalf("%d samples", len(honest))
	}
	for _, s := range honest {
		if found, score := Score(s.post()); score >= HoldAt {
			t.Errorf("%s has %d: %v", s.name, score, found)
		}
	}
}

func TestScore_spam(t *testing.T) {
	for _, s := range spam {
		if found, score := Score(s.post()); score < HoldAt {
			t.Errorf("%s has %d: %v", s.name, score, found)
		}
	}
}

// Each rule of the table is met by a sample, and says so in a sentence.
func TestRules_met(t *testing.T) {
	met := map[string]bool{}
	for _, s := range append(slices.Clone(honest), spam...) {
		found, _ := Score(s.post())
		for _, f := range found {
			met[f.Rule] = true
			if f.Points < 1 || strings.Contains(f.Sentence(), f.Rule+"_") || f.Sentence() == f.Rule {
				t.Errorf("%+v says %q", f, f.Sentence())
			}
		}
	}
	for _, r := range &rules {
		if !met[r.name] {
			t.Errorf("no sample meets the rule %s", r.name)
		}
	}
}

func TestFinding_isShort(t *testing.T) {
	found, _ := Score(works.Post{Title: "https://example.com/" + strings.Repeat("x", 500)})
	if len(found) == 0 || len([]rune(found[0].Detail)) > detailLimit+1 {
		t.Errorf("%v", found)
	}
}

func TestHostsIn(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/x, http://b.example. www.c.example!": "a.example b.example c.example",
		"see d.com and D.com/x":                                 "d.com",
		"first.last@e.com, x@f.co.uk":                           "",
		"(https://www.g.com/a_(b))":                             "g.com",
		"Node.js 3.5 e.g. i.e. v1.2.in":                         "v1.2.in",
		"https://":                                              "",
		"https://h.com/https://i.com":                           "h.com",
	} {
		if hosts, _ := hostsIn(text); strings.Join(hosts, " ") != want {
			t.Errorf("%q: %q, want %q", text, hosts, want)
		}
	}
}

func TestPrintOf(t *testing.T) {
	long := strings.Repeat("We sell the best watches in the world. ", 4)
	a, b := printOf(works.Post{Story: long}), printOf(works.Post{Story: "  " + strings.ToUpper(strings.ReplaceAll(long, ".", "!\n"))})
	if a == nil || !bytes.Equal(a, b) {
		t.Error("the same text in another dress has another print")
	}
	if printOf(works.Post{Story: "Short."}) != nil {
		t.Error("a short text has a print")
	}
	if bytes.Equal(printOf(works.Post{Story: long + "Really."}), a) {
		t.Error("another text has the same print")
	}
}

func FuzzScore(f *testing.F) {
	for _, s := range append(slices.Clone(honest), spam...) {
		f.Add(s.title, s.story)
	}
	f.Fuzz(func(t *testing.T, title, story string) {
		found, score := Score(works.Post{Title: title, Story: story})
		sum := 0
		for _, x := range found {
			sum += x.Points
		}
		if sum != score {
			t.Errorf("%d points make %d", sum, score)
		}
	})
}
