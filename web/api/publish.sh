VITRINE=https://vitrine.example
TOKEN=vit_…

# 1. Send the photo. The answer says its id.
FILE=$(curl -fsS "$VITRINE/api/v1/media?filename=ridges.jpg" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Idempotency-Key: ridges-2026-11-22-photo" \
  -H "Content-Type: image/jpeg" --data-binary @ridges.jpg |
  sed -n 's/.*"id":"\([^"]*\)".*/\1/p')

# 2. Wait until it can be shown: a second or two.
until curl -fsS "$VITRINE/api/v1/media/$FILE" -H "Authorization: Bearer $TOKEN" |
  grep -q '"usable":true'; do sleep 1; done

# 3. Publish it. The answer says where its page is.
curl -fsS "$VITRINE/api/v1/works" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Idempotency-Key: ridges-2026-11-22-work" \
  -H "Content-Type: application/json" --data @- <<WORK
{"state": "published", "title": "Ridges", "tags": ["ridge", "dawn"],
 "media": [{"id": "$FILE", "alt": "A ridge above fog, at dawn"}]}
WORK
