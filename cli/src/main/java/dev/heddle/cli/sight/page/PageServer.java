package dev.heddle.cli.sight.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heddle.Heddle;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.Format;
import dev.heddle.cli.command.JsonText;
import dev.heddle.cli.sight.Answer;
import dev.heddle.cli.sight.Line;
import dev.heddle.cli.sight.ProfileCommand;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.WaitedProcesses;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.EventStream;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.observe.internal.profile.ProfileFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * The server of the page: the page with its files, the last ten minutes, and the program's answers by their verbs as
 * streams of events.
 *
 * <p>All paths begin with a token that only the printed address has. Whoever has none is refused, and so is a request
 * for another host: a page of others whose name has come to lead here ("DNS rebinding"). The page's policy lets it load
 * nothing but its own files, and no script within its text.
 *
 * <p>Threads: tasks of one loop.
 */
final class PageServer {

    /** The name of the event that ends an answer. */
    static final String END = "end";

    /** The name of the event with the reason why an answer ended before its end. */
    static final String FAILURE = "failure";

    /** What the page may ask for: it only looks. */
    private static final Set<String> VERBS = Set.of(
            "program", "loops", "tree", "waits", "pools", "connections", "top", "metrics", "trace");

    /** The arguments that are given on. */
    private static final Set<String> ARGUMENTS = Set.of(
            "all", "by", "depth", "every", "events", "lines", "loop", "max", "millis", "name", "over", "past", "rows",
            "sort",
            "state", "type");

    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final Set<String> FILES = Set.of(
            "index.html", "page.css", "page.js", "words.js", "overview.js", "tree.js", "waits.js", "layout.js",
            "tables.js", "timeline.js", "recordings.js", "icon.svg", "uplot.js", "uplot.css", "uplot.txt");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private static final int TOKEN_BYTES = 16;

    private final Program program;
    private final String prefix;

    private PageServer(Program program, String token) {
        this.program = program;
        this.prefix = "/" + token + "/";
    }

    /** A secret of 128 bits, fit for a path. */
    static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A server for the page, not started. */
    static HttpServer of(Program program, Overview overview, String token) {
        var page = new PageServer(program, token);
        return HttpServer.builder()
                .http1Only()
                .use(page::guard)
                .get(page.prefix, request -> file("index.html"))
                .get(page.prefix + "{file}", request -> file(request.path("file")))
                .get(page.prefix + "live/overview", request -> Response.events(overview::writeTo))
                .get(page.prefix + "ask/{verb}", page::answer)
                .get(page.prefix + "profile", page::profile)
                .build();
    }

    private Response guard(Request request, Handler next) throws Exception {
        Response response = isAdmitted(request)
                ? next.handle(request)
                : Response.text("open the address that heddle page has printed, as it is\n").withStatus(403);
        for (Map.Entry<String, String> header : HEADERS.entrySet()) {
            if (!response.headers().contains(header.getKey())) {
                response = response.withHeader(header.getKey(), header.getValue());
            }
        }
        return response;
    }

    private boolean isAdmitted(Request request) {
        String host = request.host().orElse("").replaceFirst(":[0-9]*$", "");
        String path = request.path();
        byte[] begin = path.substring(0, Math.min(prefix.length(), path.length())).getBytes(US_ASCII);
        // In a time that does not tell how much of it is right.
        return MessageDigest.isEqual(begin, prefix.getBytes(US_ASCII)) && HOSTS.contains(host);
    }

    private static Response file(String name) throws IOException {
        if (!FILES.contains(name)) {
            throw new StatusException(404, "no such file");
        }
        try (InputStream in = Objects.requireNonNull(PageServer.class.getResourceAsStream(name))) {
            String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
            return Response.bytes(type, in.readAllBytes()).withHeader("Cache-Control", "no-cache").withETag();
        }
    }

    private Response answer(Request request) {
        String verb = request.path("verb");
        if (!VERBS.contains(verb)) {
            throw new StatusException(404, "the page does not ask for this");
        }
        Map<String, String> arguments = new HashMap<>();
        ARGUMENTS.forEach(name -> request.query(name).ifPresent(value -> arguments.put(name, value)));
        return Response.events(events -> {
            try {
                if (verb.equals("waits")) {
                    sendWaits(arguments, events);
                } else {
                    send(program, verb, arguments, events, line -> {});
                }
                events.send(ServerSentEvent.of("").withName(END));
            } catch (FailureException e) {
                events.send(ServerSentEvent.of(String.valueOf(e.getMessage())).withName(FAILURE));
            }
        });
    }

    /** A flame graph of the time that follows: a page that says itself which script and style are its own. */
    private Response profile(Request request) throws IOException {
        Duration time = Duration.ofMillis(request.queryLong("millis", 10_000));
        try {
            return Response.html(Heddle.offload(() -> flameGraph(time)))
                    .withHeader("Content-Security-Policy", "frame-ancestors 'none'");
        } catch (FailureException e) {
            return Response.text(e.getMessage() + "\n").withStatus(502);
        }
    }

    private String flameGraph(Duration time) throws IOException {
        Path directory = Files.createTempDirectory("heddle-profile");
        Path recording = directory.resolve("recording.jfr");
        Path graph = directory.resolve("graph.html");
        try {
            ProfileCommand.receive(program, time, recording);
            ProfileFile.HTML.write(recording, program + ", " + Format.time(time.toNanos()), graph);
            return Files.readString(graph);
        } finally {
            Files.deleteIfExists(graph);
            Files.deleteIfExists(recording);
            Files.delete(directory);
        }
    }

    /** Also those of child processes that are waited for, each behind a line of its own. */
    private void sendWaits(Map<String, String> arguments, EventStream events) {
        var processes = new WaitedProcesses(program);
        for (OptionalLong next = processes.next(); next.isPresent(); next = processes.next()) {
            long pid = next.getAsLong();
            if (pid == program.pid()) {
                send(program, "waits", arguments, events, processes::follow);
                continue;
            }
            events.send(WaitedProcesses.head(pid));
            try {
                send(Heddle.offload(() -> processes.find(pid)), "waits", arguments, events, processes::follow);
            } catch (FailureException e) {
                events.send(silence(e));
            }
        }
    }

    /** The line that stands for what a child process does not tell. */
    private static String silence(FailureException why) {
        var line = new StringBuilder("{\"kind\":\"silent\",\"message\":");
        JsonText.string(line, String.valueOf(why.getMessage()));
        return line.append('}').toString();
    }

    /**
     * Sends what a program answers. Several lines are one event: as many as have come.
     *
     * @param seen gets each line
     */
    private static void send(
            Program asked, String verb, Map<String, String> arguments, EventStream events, Consumer<Line> seen) {
        try (Answer answer = Heddle.offload(() -> asked.ask(verb, arguments))) {
            Lines lines;
            do {
                lines = Heddle.offload(() -> Lines.read(answer, seen));
                if (!lines.text.isEmpty()) {
                    events.send(lines.text);
                }
            } while (!lines.last);
        }
    }

    /**
     * Some lines of an answer.
     *
     * @param last whether no more come
     */
    private record Lines(String text, boolean last) {

        /** Waits for one, and takes those that have come with it. */
        static Lines read(Answer answer, Consumer<Line> seen) {
            var text = new StringJoiner("\n");
            Line line;
            do {
                line = answer.next();
                if (line != null) {
                    seen.accept(line);
                    text.add(answer.json());
                }
            } while (line != null && answer.hasMore());
            return new Lines(text.toString(), line == null);
        }
    }
}
