// Package greet greets people.
package greet

import "strings"

// Greeting is what a person is greeted with; a stranger has no name.
func Greeting(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		name = "stranger"
	}
	return "Hello, " + name + "!"
}
