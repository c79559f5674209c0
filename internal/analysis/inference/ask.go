package inference

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/sashabaranov/go-openai"
)

// Ask puts a question to the chat model and decodes its answer, which must be
// JSON with no member that answer lacks. The schema asks for that, but a server
// may ignore it.
func (c *Client) Ask(ctx context.Context, q Question, answer any) error {
	req, err := c.request(q)
	if err != nil {
		return err
	}
	return c.call(ctx, Chat, func(ctx context.Context) error {
		got, err := c.api.CreateChatCompletion(ctx, req)
		if err != nil {
			return err
		}
		return read(got.Choices, answer)
	})
}

// request makes the body of a call.
func (c *Client) request(q Question) (openai.ChatCompletionRequest, error) {
	schema, err := json.Marshal(q.Schema)
	if err != nil {
		return openai.ChatCompletionRequest{}, fmt.Errorf("encode the schema of %s: %w", q.Name, err)
	}
	req := openai.ChatCompletionRequest{
		Model: c.opts.ChatModel,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: q.System},
			{Role: openai.ChatMessageRoleUser, Content: q.User},
		},
		MaxCompletionTokens: q.MaxTokens,
		Temperature:         math.SmallestNonzeroFloat32, // 0 would be left out of the body
		ResponseFormat: &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: q.Name, Schema: json.RawMessage(schema), Strict: true},
		},
	}
	if openai.NewReasoningValidator().Validate(req) != nil {
		req.Temperature = 0 // models that reason do not take one
	}
	return req, nil
}

// read decodes what the model said.
func read(choices []openai.ChatCompletionChoice, answer any) error {
	if len(choices) == 0 {
		return invalid("it has no choices")
	}
	first := choices[0]
	switch {
	case first.Message.Refusal != "" || first.FinishReason == openai.FinishReasonContentFilter:
		return invalid("the model would not say it")
	case first.FinishReason == openai.FinishReasonLength:
		return invalid("it was cut for its length")
	}
	d := json.NewDecoder(strings.NewReader(first.Message.Content))
	d.DisallowUnknownFields()
	if d.Decode(answer) != nil { // the error may quote what was said
		return invalid("the model did not keep to the schema")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return invalid("the model said more than the schema allows")
	}
	return nil
}
