// Command greet greets the person that its first argument names.
package main

import (
	"fmt"
	"os"

	"example.com/greet"
)

func main() {
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	fmt.Println(greet.Greeting(name))
}
