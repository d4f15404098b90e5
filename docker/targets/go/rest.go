package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

const maxBodyLength = 65_536

// What a client is told; the other servers say the same.
var (
	notAnObject = "the body must be a JSON object"
	tooLong     = "the body must not be longer than " + strconv.Itoa(maxBodyLength) + " bytes"
)

// serveRest answers until the context ends, then lets what was begun end.
func serveRest(ctx context.Context, listener net.Listener, model *Model) error {
	server := &http.Server{Handler: restHandler(model), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		ended <- server.Shutdown(limited)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

func restHandler(model *Model) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/predict":
			if r.Method != http.MethodPost {
				refuseMethod(w, "POST")
				return
			}
			predict(w, r, model)
		case "/healthz":
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				refuseMethod(w, "GET, HEAD")
				return
			}
			answer(w, http.StatusOK, []byte(`{"status":"ok"}`))
		default:
			refuse(w, http.StatusNotFound, "not found")
		}
	})
}

func predict(w http.ResponseWriter, r *http.Request, model *Model) {
	calls.Add(1)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyLength))
	var beyond *http.MaxBytesError
	if errors.As(err, &beyond) {
		refuse(w, http.StatusRequestEntityTooLarge, tooLong)
		return
	}
	if err != nil {
		return // The client is gone.
	}
	text, problem := textOf(body)
	if problem == "" {
		problem = problemOf(text)
	}
	if problem != "" {
		refuse(w, http.StatusBadRequest, problem)
		return
	}
	answer(w, http.StatusOK, []byte(`{"category":`+strconv.Itoa(model.Predict(text))+`}`))
}

// textOf finds the text in a body. Not by a struct: encoding/json would take a key "TEXT" for it too.
func textOf(body []byte) (text string, problem string) {
	var fields map[string]json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &fields) != nil || fields == nil {
		return "", notAnObject
	}
	raw := fields["text"]
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", notAString
	}
	return text, ""
}

func refuseMethod(w http.ResponseWriter, allowed string) {
	w.Header().Set("Allow", allowed)
	refuse(w, http.StatusMethodNotAllowed, "method not allowed")
}

func refuse(w http.ResponseWriter, status int, reason string) {
	body, _ := json.Marshal(map[string]string{"error": reason})
	answer(w, status, body)
}

func answer(w http.ResponseWriter, status int, body []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
