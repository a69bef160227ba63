package show

import (
	"net/url"
	"strings"

	"vitrine/app/works"
)

// StudioPath is where a studio's public page is.
func StudioPath(slug string) string { return "/@" + slug }

// WorkPath is where a work's public page is. The id alone would do; the words
// before it are for people.
func WorkPath(studioSlug, slug, publicID string) string {
	return StudioPath(studioSlug) + "/" + url.PathEscape(slug) + "-" + publicID
}

// EditPath is where a work is edited.
func EditPath(studioSlug, publicID string) string {
	return "/studio/" + studioSlug + "/works/" + publicID
}

// CollectionsPath is where a studio makes its collections.
func CollectionsPath(studioSlug string) string { return "/studio/" + studioSlug + "/collections" }

// EditCollectionPath is where one of them is edited.
func EditCollectionPath(studioSlug, publicID string) string {
	return CollectionsPath(studioSlug) + "/" + publicID
}

// FollowedPath is the list of the studios that a member follows.
const FollowedPath = "/me/following"

// TagPath is where the works with a tag are.
func TagPath(label string) string { return "/t/" + url.PathEscape(works.TagSlug(label)) }

// PublicID is the last part of "slug-id", as addresses have it. Whatever it is,
// who looks it up checks it.
func PublicID(part string) string { return part[strings.LastIndexByte(part, '-')+1:] }
