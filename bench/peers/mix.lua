-- wrk: 3 POST with a JSON body : 1 GET.
local body = '{"text": "The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features", "lang": "en", "top_k": 3, "explain": false}'
local post, get

request = function()
  if not post then
    post = wrk.format('POST', '/predict', { ['content-type'] = 'application/json' }, body)
    get = wrk.format('GET', '/')
  end
  if math.random() < 0.75 then return post end
  return get
end
