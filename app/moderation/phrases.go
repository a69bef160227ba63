package moderation

// phrases are what advertisements say and portfolios do not, lower case. They
// are whole phrases on purpose: a photo series about a casino is welcome.
var phrases = [...]string{
	// gambling
	"online casino", "casino bonus", "free spins", "no deposit bonus", "sports betting tips", "slot gacor", "judi online", "situs slot", "agen bola",
	"онлайн казино", "казино онлайн", "ставки на спорт", "игровые автоматы", "kaçak bahis", "canlı bahis", "deneme bonusu", "cassino online", "casino en ligne",
	"카지노사이트", "토토사이트", "바카라사이트", "オンラインカジノ", "网上赌场", "娱乐城", "博彩平台", "คาสิโนออนไลน์", "nhà cái uy tín",
	// money
	"payday loan", "instant loan approval", "forex signals", "binary options", "double your bitcoin", "guaranteed profit", "make money online", "work from home and earn",
	"earn $", "passive income every", "crypto giveaway", "recover your crypto", "crypto recovery", "заработок в интернете", "быстрый займ", "займ онлайн", "микрозайм",
	"kredit ohne schufa", "schnell geld verdienen", "préstamos rápidos", "ganar dinero desde casa", "gagner de l'argent rapidement", "pożyczka bez bik", "刷单兼职",
	// medicine and company
	"buy viagra", "cheap viagra", "cialis online", "without prescription", "weight loss pills", "keto gummies", "escort service", "escorts in", "call girls",
	"adult dating", "hookup tonight", "проститутки", "индивидуалки", "виагра купить",
	// papers, followers, rankings
	"essay writing service", "write my essay", "buy fake", "fake passport", "buy driving license", "купить диплом", "дипломы на заказ", "代开发票", "办证",
	"buy followers", "buy instagram followers", "buy likes", "seo backlinks", "guest post service", "rank your website", "hack instagram", "hire a hacker",
	"купить подписчиков", "накрутка подписчиков", "comprar seguidores", "acheter des abonnés", "takipçi satın al",
	// the hand on the arm
	"click here to buy", "order now and get", "limited time offer", "100% guaranteed", "contact us on whatsapp", "whatsapp us at", "telegram us at", "dm for price list",
	"satisfaction guaranteed or your money back", "replica watches", "cheap jerseys", "wholesale price", "free iphone", "work visa guaranteed", "поддержка 24/7 пишите",
}
