package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Bytes of UTF-8. Longer texts are refused: they are no sentences to classify, and would measure the network.
const maxTextLength = 16_384

// Why a text cannot be classified, in the words of all servers.
const notAString = "text must be a string"

type weight struct{ category, weight int }

// Model is a linear classifier: the weights of all words of a text are added up for each category. Whole numbers only,
// so that no language rounds differently.
type Model struct {
	categories []string
	words      map[string][]weight
}

// LoadModel reads the file that the servers in all languages share.
func LoadModel(path string) (*Model, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Categories []string                  `json:"categories"`
		Words      map[string]map[string]int `json:"words"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	model := &Model{categories: file.Categories, words: make(map[string][]weight, len(file.Words))}
	for word, weights := range file.Words {
		for name, value := range weights {
			category, err := strconv.Atoi(name)
			if err != nil || category < 0 || category >= len(file.Categories) {
				return nil, fmt.Errorf("%s: %q of %q is no category", path, name, word)
			}
			model.words[word] = append(model.words[word], weight{category, value})
		}
	}
	return model, nil
}

// Predict tells the number of the category with the greatest sum, of equal ones the smallest; 0 if no word is known.
// Words are runs of ASCII letters and digits, in whatever case: no byte of another letter in UTF-8 is one of these.
func (m *Model) Predict(text string) int {
	sums := make([]int, len(m.categories))
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && isWord(text[end]) {
			end++
		}
		if end == start {
			start++
			continue
		}
		for _, one := range m.words[strings.ToLower(text[start:end])] {
			sums[one.category] += one.weight
		}
		start = end
	}
	best := 0
	for category, sum := range sums {
		if sum > sums[best] {
			best = category
		}
	}
	return best
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// problemOf tells why a text cannot be classified, for the client; empty if it can.
func problemOf(text string) string {
	if strings.Trim(text, " \t\r\n") == "" {
		return "text must not be empty"
	}
	if len(text) > maxTextLength {
		return fmt.Sprintf("text must not be longer than %d bytes", maxTextLength)
	}
	return ""
}

// wordsOf are the parts of a text between blanks.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' })
}
