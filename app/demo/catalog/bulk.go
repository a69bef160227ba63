package catalog

import "vitrine/app/works"

// bulkTitles is how many different titles Bulk makes: a prime below the number
// of ways to combine its words, so that equal steps through them meet each once.
const bulkTitles = 131_071

// Bulk is the text of the i-th work of a large set, for i from 0 on. It is quick
// and always the same for the same i; the first 131,071 titles all differ.
func Bulk(i int) Work {
	n := uint64(max(i, 0))
	d := mix(n)
	k := (n*48_271 + 17) % bulkTitles
	first, second, third := firstWords(), secondWords(), thirdWords()
	title := first[k%64] + " " + second[k/64%64] + third[k/4096]
	w := Work{
		Title: title, Story: pick(d>>8, plainStories()), Tags: bulkTags(d >> 32), Licence: works.Reserved,
		Year: 2026 - int(d%8), State: Published,
	}
	if d>>16%3 == 0 {
		w.Story += " " + pick(d>>24, secondSentences())
	}
	w.Media = []Media{{Alt: pick(d>>48, []string{"The work “", "A view of “", "Picture: “"}) + title + "”"}}
	return w
}

// bulkTags takes one to three neighbours of the vocabulary.
func bulkTags(d uint64) []string {
	all := Tags()
	from := int(d % uint64(len(all)-2))
	return all[from : from+1+int(d>>16%3)]
}

// Surname is the name of the n-th person of a large set. Names return, as they
// do; after the first round they are double.
func Surname(n int) string {
	all := surnames()
	k := uint64(max(n, 0))
	size := uint64(len(all))
	if k < size {
		return all[k*89%size]
	}
	return pick(mix(k), all) + "-" + pick(mix(k)>>32, all)
}
