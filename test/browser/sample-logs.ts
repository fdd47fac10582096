/** Logs as tools write them, for pages that are looked at. */
export const CLONE_LOG = `Cloning acme/api at 4f2c9ab1d0e3\nFetched 1 commit, 214 files\n`;

const PASSED = Array.from(
  { length: 60 },
  (_, index) =>
    `\u001b[32mok\u001b[0m  \tgithub.com/acme/api/internal/package${index}\t${(index * 0.037 + 0.012).toFixed(3)}s`,
).join('\n');

export const FAILED_TEST_LOG = `::group::go version
go version go1.25.3 linux/amd64
::endgroup::
::group::go vet ./...
\u001b[90m# github.com/acme/api\u001b[0m
::endgroup::
::group::go test ./...
${PASSED}
--- \u001b[1;31mFAIL\u001b[0m: TestRouter (0.03s)
    --- \u001b[31mFAIL\u001b[0m: TestRouter/trailing_slash (0.00s)
        \u001b[36mrouter_test.go:41\u001b[0m: GET /users/: got status \u001b[33m404\u001b[0m, want \u001b[32m301\u001b[0m
        \u001b[38;5;208mwarning\u001b[0m \u001b[38;2;120;180;255mrouter.go:88\u001b[0m: the handler was registered twice for the same pattern, and the second registration replaces the first one without a word about it
\u001b[41;97m FAIL \u001b[0m\tgithub.com/acme/api/internal/router\t0.041s
\u001b[7m FAIL \u001b[27m
tekton-ci: command 3 of 3 failed with exit code 1
`;

/** What tries to run, to lead away or to look like the page's own. */
export const HOSTILE_LOG = `::group::<img src=x onerror=alert(1)>
<script>document.title = 'owned'; alert(1)</script>
</pre></div></details></main><h1>Succeeded</h1>
<a href="javascript:alert(1)">click</a>
\u001b]8;;javascript:alert(1)\u0007a link\u001b]8;;\u0007 and \u001b]8;;https://evil.example.com\u001b\\another\u001b]8;;\u001b\\
\u001b[2J\u001b[H\u001b[10Acursor moves\u001b[s\u001b[u
\u001b[31"><script>alert(1)</script>m
\u001b]0;title\u0007\u001bP$q\u001b\\\u001b[?1049h
\u202eabc\u2066def\u0000\u0007\u009b31mred
\u001b[8mhidden\u001b[0m \u001b[5mblinking\u001b[0m
progress 1%\rprogress 50%\rprogress 100%
::endgroup::
::endgroup::
`;
