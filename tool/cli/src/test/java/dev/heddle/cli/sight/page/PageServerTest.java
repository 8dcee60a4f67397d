package dev.heddle.cli.sight.page;

import static dev.heddle.Heddle.moveOnAfter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.cli.sight.ObservedPrograms;
import dev.heddle.cli.sight.Program;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.observe.page.internal.Overview;
import dev.heddle.observe.page.internal.PageRoutes;
import dev.heddle.observe.page.internal.PageSource;
import dev.heddle.observe.page.internal.ProgramUnansweredException;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of the page: who is let in, what it gives, and what it says of a program that is not there. */
final class PageServerTest {

    private static final String TOKEN = "secret";

    private static final List<String> SCRIPTS = List.of("jobs.js", "layout.js", "overview.js", "page.js",
            "recordings.js",
            "tables.js", "timeline.js", "tree.js", "waits.js", "words.js");

    /** Nobody has this number: it is above what Linux gives. */
    private static final Program ENDED = new Program(5_000_000, Path.of("/tmp/no-such-directory/5000000.sock"));

    private String base = "";
    private HttpClient http;

    private void served(Action body) {
        served(ENDED, body);
    }

    private void served(Program program, Action body) {
        Heddle.run(() -> {
            try (HttpServer server = server(program).start("127.0.0.1", 0);
                    HttpClient client = HttpClient.create()) {
                base = "http://" + server.address();
                http = client;
                body.run();
            }
        });
    }

    private static HttpServer server(Program program) {
        var source = new ProgramSource(program);
        return PageServer.of(source, new Overview(source), TOKEN);
    }

    private int status(String path) {
        try (Reply reply = http.get(base + path)) {
            return reply.status();
        }
    }

    @Test
    void whoHasNoTokenIsRefused() {
        served(() -> {
            for (String path : List.of("/", "/page.js", "/secre/", "/secret", "/secreT/", "/x/secret/", "/ask/tree",
                    "/secre/ask/tree", "//secret/")) {
                assertEquals(403, status(path), path);
            }
            assertEquals(200, status("/secret/"));
        });
    }

    @Test
    void eachRunHasATokenOfItsOwn() {
        assertTrue(PageServer.newToken().matches("[A-Za-z0-9_-]{22}"));
        assertNotEquals(PageServer.newToken(), PageServer.newToken());
    }

    @Test
    void anotherHostIsRefusedSoThatNoForeignNameLeadsHere() {
        served(() -> {
            for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.",
                    "[::1]")) {
                try (Reply reply = http.request("GET", base + "/secret/").header("Host", host).send()) {
                    assertEquals(403, reply.status(), host);
                }
            }
            // The port is another one where the address leads through ssh.
            for (String host : List.of("localhost", "localhost:8080", "127.0.0.1:8080")) {
                try (Reply reply = http.request("GET", base + "/secret/").header("Host", host).send()) {
                    assertEquals(200, reply.status(), host);
                }
            }
        });
    }

    @Test
    void onlyThePageItselfActsAndAProgramThatIsGoneIsSaid() {
        served(() -> {
            String act = base + "/secret/act/pause?part=1";
            assertEquals("true", http.get(base + "/secret/acts").text());
            assertEquals(404, status("/secret/act/pause?part=1"));
            try (Reply form = http.request("POST", act).send()) {
                assertEquals(403, form.status());
            }
            try (Reply other = http.request("POST", act).header("X-Heddle-Act", "1")
                    .header("Sec-Fetch-Site", "cross-site").send()) {
                assertEquals(403, other.status());
            }
            try (Reply stranger = http.request("POST", base + "/act/pause?part=1").header("X-Heddle-Act", "1").send()) {
                assertEquals(403, stranger.status());
            }
            try (Reply gone = http.request("POST", act).header("X-Heddle-Act", "1").send()) {
                assertEquals(502, gone.status());
                String why = gone.text();
                assertTrue(why.contains("5000000"), why);
            }
        });
    }

    @Test
    void everyResponseSaysThatNothingButThePagesOwnFilesMayBeLoaded() {
        served(() -> {
            for (String path : List.of("/secret/", "/secret/page.js", "/secret/none", "/", "/secret/ask/tree")) {
                try (Reply reply = http.get(base + path)) {
                    String policy = reply.headers().get("Content-Security-Policy").orElseThrow();
                    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
                    assertFalse(policy.contains("unsafe"), policy);
                    assertEquals("nosniff", reply.headers().get("X-Content-Type-Options").orElse(""));
                    assertEquals("no-referrer", reply.headers().get("Referrer-Policy").orElse(""));
                }
            }
        });
    }

    @Test
    void pageHasNoScriptWithinAndEachFileThatItNamesIsThere() {
        served(() -> {
            String page = http.get(base + "/secret/").text();
            assertFalse(
                    Pattern.compile("<script(?![^>]* src=)|<style| on[a-z]+=| style=|javascript:").matcher(page).find(),
                    page);
            Matcher names = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
            while (names.find()) {
                assertTrue(names.group(1).matches("[a-z]+\\.[a-z]+"), names.group(1));
                assertEquals(200, status("/secret/" + names.group(1)), names.group(1));
            }
            for (String script : SCRIPTS) {
                Matcher imports = Pattern.compile("from \"\\./([^\"]+)\"")
                        .matcher(http.get(base + "/secret/" + script).text());
                while (imports.find()) {
                    assertEquals(200, status("/secret/" + imports.group(1)), imports.group(1));
                }
            }
        });
    }

    @Test
    void noScriptOfOursMakesMarkupOfText() throws IOException {
        for (String name : SCRIPTS) {
            String script = new String(resource(name), UTF_8);
            for (String word : List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                    "DOMParser", "srcdoc")) {
                assertFalse(script.contains(word), name + " has " + word);
            }
        }
    }

    @Test
    void onlyQuestionsThatLookAreGivenOn() {
        served(() -> {
            assertEquals(404, status("/secret/ask/cancel?task=1"));
            assertEquals(404, status("/secret/ask/none"));
            assertEquals(404, status("/secret/PageServer.class"));
            assertEquals(404, status("/secret/..%2fpage%2fpage.js"));
        });
    }

    @Test
    void programThatHasEndedIsSaidInAnAnswerAndInTheOverview() {
        served(() -> {
            try (Reply reply = http.get(base + "/secret/ask/tree?max=10")) {
                ServerSentEvent event = reply.events().iterator().next();
                assertEquals(PageRoutes.FAILURE, event.name());
                assertEquals("process 5000000 has ended", event.data());
            }
        });
        var overview = new Overview(new ProgramSource(ENDED));
        assertEquals("process 5000000 has ended", Heddle.run(() -> {
            String[] told = new String[1];
            moveOnAfter(Duration.ofMillis(200), () -> overview.watch(problem -> told[0] = problem));
            return told[0];
        }));
    }

    @Test
    void matterWhoseFiguresChangeIsToldOnce() {
        List<String> told = new ArrayList<>();
        Sim.run(1, () -> {
            var overview = new Overview(new Silent());
            moveOnAfter(Duration.ofSeconds(20), () -> overview.watch(told::add));
        });
        assertEquals(List.of("process 1 is stopped\nup 1 s"), told);
    }

    /** A program that does not answer, and is seen from outside each time. */
    private static final class Silent implements PageSource {
        private int seconds;

        @Override
        public Answer ask(String verb, Map<String, String> arguments) {
            if (verb.equals("loops")) {
                throw new ProgramUnansweredException("process 1 is stopped\nup " + ++seconds + " s", new IOException());
            }
            throw new ProgramUnansweredException("not told", new IOException());
        }

        @Override
        public PageSource child(long pid) {
            return this;
        }

        @Override
        public List<Long> children() {
            return List.of();
        }
    }

    @Test
    @Tag("full")
    void waitsGoOnIntoTheChildProcessThatIsWaitedForAndSayWhereItDoesNotAnswer(@TempDir Path directory)
            throws IOException {
        try (var programs = new ObservedPrograms(directory)) {
            Process process = programs.start(ObservedPrograms.CHAIN);
            Pattern chain = Pattern.compile("(?s)\"what\":\"a body in a child process \\((\\d+)\\)\".*\"pid\":\\1,.*"
                    + "\\n\\{\"kind\":\"process\",\"pid\":\\1}\\n"
                    + "(?=.*\"who\":\"task guest \\(.*\"what\":\"acquiring mutex kitchen\")"
                    + "(?=.*\"who\":\"task cook \\(.*\"what\":\"sending to a channel of 1\").*"
                    + "\"who\":\"task waiter \\(.*Program0\\.java:\\d+");
            served(new Program(process.pid(), programs.sockets().resolve(process.pid() + ".sock")), () -> {
                String told = answer("waits");
                for (int tries = 1; tries < 400 && !chain.matcher(told).find(); tries++) {
                    Heddle.sleep(java.time.Duration.ofMillis(50));
                    told = answer("waits");
                }
                Matcher found = chain.matcher(told);
                assertTrue(found.find(), told);
                ProcessHandle child = ProcessHandle.of(Long.parseLong(found.group(1))).orElseThrow();
                try {
                    Heddle.offload(() -> ObservedPrograms.signal(child, "STOP"));
                    String stopped = answer("waits");
                    assertTrue(stopped.contains("{\"kind\":\"silent\",\"message\":\"process " + child.pid()
                            + " is stopped"), stopped);
                } finally {
                    child.destroyForcibly();
                }
            });
        }
    }

    /** The lines that the page gets to a question. */
    private String answer(String verb) {
        var lines = new StringJoiner("\n");
        try (Reply reply = http.get(base + "/secret/ask/" + verb)) {
            for (ServerSentEvent event : reply.events()) {
                if (event.name().equals(PageRoutes.END)) {
                    return lines.toString();
                }
                lines.add(event.data());
            }
        }
        throw new AssertionError("an answer without an end: " + lines);
    }

    @Test
    void libraryIsAsItsMakerPublishedIt() throws Exception {
        String text = new String(resource("uplot.txt"), UTF_8);
        Matcher sums = Pattern.compile("(?m)^([0-9a-f]{64})  (\\S+)$").matcher(text);
        int count = 0;
        while (sums.find()) {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(resource(sums.group(2)));
            assertEquals(sums.group(1), HexFormat.of().formatHex(sum), sums.group(2));
            count++;
        }
        assertEquals(2, count);
        assertTrue(text.contains("The MIT License"));
        assertTrue(new String(resource("uplot.js"), UTF_8)
                .startsWith("/*! https://github.com/leeoniya/uPlot (v1.6.32) */"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
