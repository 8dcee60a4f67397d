package dev.heddle.observe.page.internal;

import dev.heddle.Heddle;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.EventStream;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.observe.internal.JsonLines;
import dev.heddle.observe.internal.profile.ProfileFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of the page: the page with its files, the last ten minutes, and the program's answers by their verbs as
 * streams of events.
 *
 * <p>They let in whoever comes, but no page of another site: who may come is asked by middleware around them. The
 * page's policy lets it load nothing but its own files, and no script within its text.
 *
 * <p>Threads: tasks of any loop.
 */
public final class PageRoutes {

    /** The name of the event that ends an answer. */
    public static final String END = "end";

    /** The name of the event with the reason why an answer ended before its end. */
    public static final String FAILURE = "failure";

    /** What the page may ask for to be shown. */
    private static final Set<String> VERBS = Set.of(
            "program", "loops", "tree", "waits", "pools", "jobs", "inside", "connections", "top", "metrics", "trace");

    /** The arguments that are given on. */
    private static final Set<String> ARGUMENTS = Set.of(
            "about", "after", "all", "by", "depth", "events", "every", "item", "key", "kind", "lines", "loop", "max",
            "millis", "name", "over", "part", "past", "rows", "sort", "state", "status", "text", "type");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final String INDEX = "index.html";

    private static final Set<String> FILES = Set.of(
            INDEX, "page.css", "page.js", "words.js", "overview.js", "tree.js", "waits.js", "layout.js",
            "jobs.js", "tables.js", "timeline.js", "recordings.js", "icon.svg", "uplot.js", "uplot.css", "uplot.txt");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    /** What a browser says of a request that its own page or its user has made (Fetch Metadata, 2026-11), or nothing. */
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none", "");

    /** A child process that a line of waits leads to; no text can hold this, since its quotes are escaped. */
    private static final Pattern CHILD = Pattern.compile("\"pid\":([0-9]{1,10})");

    /** The field of a request that acts. */
    private static final String ACT = "X-Heddle-Act";

    /** A part of a recording. */
    private static final String JFR = "{\"kind\":\"jfr\",\"base64\":\"";

    private final PageSource source;

    private PageRoutes(PageSource source) {
        this.source = source;
    }

    /** The routes of the page about a program, at which one may only look. */
    public static Routes of(PageSource source, Overview overview) {
        return routes(new PageRoutes(source), overview)
                .get("/acts", ownSite(request -> Response.text("false")));
    }

    /** The routes of the page for whom the program lets act, if it lets anybody. */
    public static Routes acting(PageSource source, Overview overview) {
        var page = new PageRoutes(source);
        return routes(page, overview)
                .get("/acts", ownSite(request -> Response.text("true")))
                .post("/act/{name}", ownSite(page::act));
    }

    private static Routes routes(PageRoutes page, Overview overview) {
        return Routes.create()
                .use((request, next) -> secured(next.handle(request)))
                .get("/", PageRoutes::index)
                .get("/{file...}", request -> file(request.path("file")))
                .get("/live/overview", ownSite(request -> Response.events(overview::writeTo)))
                .get("/ask/{verb}", ownSite(page::answer))
                .get("/profile", ownSite(page::profile));
    }

    /** A response with the fields that keep a browser from loading anything else, where it has none of its own. */
    public static Response secured(Response response) {
        Response secured = response;
        for (Map.Entry<String, String> header : HEADERS.entrySet()) {
            if (!secured.headers().contains(header.getKey())) {
                secured = secured.withHeader(header.getKey(), header.getValue());
            }
        }
        return secured;
    }

    /** Keeps pages of others, for which a browser may send its user's cookies, from having a program recorded. */
    private static Handler ownSite(Handler handler) {
        return request -> {
            if (!OWN_SITE.contains(request.headers().get("Sec-Fetch-Site").orElse(""))) {
                throw new StatusException(403, "another site may not ask for this");
            }
            return handler.handle(request);
        };
    }

    // ---- files ----

    /** Names in the page are relative to a prefix with a slash at its end. */
    private static Response index(Request request) throws IOException {
        String path = request.path();
        return path.endsWith("/")
                ? file(INDEX)
                : Response.redirect(307, path.substring(path.lastIndexOf('/') + 1) + "/");
    }

    private static Response file(String path) throws IOException {
        String name = path.isEmpty() ? INDEX : path;
        if (!FILES.contains(name)) {
            throw new StatusException(404, "no such file");
        }
        try (InputStream in = Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name))) {
            String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
            return Response.bytes(type, in.readAllBytes()).withHeader("Cache-Control", "no-cache").withETag();
        }
    }

    // ---- answers ----

    private Response answer(Request request) {
        String verb = request.path("verb");
        if (!VERBS.contains(verb)) {
            throw new StatusException(404, "the page does not ask for this");
        }
        Map<String, String> arguments = new HashMap<>();
        ARGUMENTS.forEach(name -> request.query(name).ifPresent(value -> arguments.put(name, value)));
        return Response.events(events -> {
            try {
                switch (verb) {
                    case "tree" -> sendTree(arguments, events);
                    case "waits" -> sendWaits(arguments, events);
                    default -> send(source, verb, arguments, events, line -> {});
                }
                events.send(ServerSentEvent.of("").withName(END));
            } catch (ProgramUnansweredException e) {
                events.send(ServerSentEvent.of(String.valueOf(e.getMessage())).withName(FAILURE));
            }
        });
    }

    /** Also those of child processes, each behind a line of its own. */
    private void sendTree(Map<String, String> arguments, EventStream events) {
        send(source, "tree", arguments, events, line -> {});
        for (long child : Heddle.offload(source::children)) {
            sendOfChild(child, "tree", arguments, events, line -> {});
        }
    }

    /** Also those of child processes that are waited for, each behind a line of its own. */
    private void sendWaits(Map<String, String> arguments, EventStream events) {
        Queue<Long> children = new ArrayDeque<>();
        Set<Long> seen = new HashSet<>();
        Consumer<String> follow = line -> {
            Matcher child = CHILD.matcher(line);
            if (child.find() && seen.add(Long.valueOf(child.group(1)))) {
                children.add(Long.valueOf(child.group(1)));
            }
        };
        send(source, "waits", arguments, events, follow);
        for (Long child = children.poll(); child != null; child = children.poll()) {
            sendOfChild(child, "waits", arguments, events, follow);
        }
    }

    private void sendOfChild(
            long pid, String verb, Map<String, String> arguments, EventStream events, Consumer<String> seen) {
        events.send("{\"kind\":\"process\",\"pid\":" + pid + "}");
        try {
            send(Heddle.offload(() -> source.child(pid)), verb, arguments, events, seen);
        } catch (ProgramUnansweredException e) {
            events.send(silence(e));
        }
    }

    /** The line that stands for what a child process does not tell. */
    private static String silence(ProgramUnansweredException why) {
        var line = new ByteArrayOutputStream();
        try {
            new JsonLines(line).begin("silent").put("message", why.getMessage()).end();
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    /**
     * Sends what a program answers. Several lines are one event: as many as have come.
     *
     * @param seen gets each line
     */
    private static void send(
            PageSource asked, String verb, Map<String, String> arguments, EventStream events,
            Consumer<String> seen) {
        try (PageSource.Answer answer = Heddle.offload(() -> asked.ask(verb, arguments))) {
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
        static Lines read(PageSource.Answer answer, Consumer<String> seen) {
            var text = new StringJoiner("\n");
            String line;
            do {
                line = answer.next();
                if (line != null) {
                    seen.accept(line);
                    text.add(line);
                }
            } while (line != null && answer.hasMore());
            return new Lines(text.toString(), line == null);
        }
    }

    // ---- acts ----

    /** Does something with a part: by a request with a field that a browser lets no form and no other site set. */
    private Response act(Request request) {
        if (request.headers().get(ACT).isEmpty()) {
            throw new StatusException(403, "only the page itself may ask for this");
        }
        Map<String, String> arguments = new HashMap<>(Map.of("part", String.valueOf(request.queryLong("part", 0)),
                "do", request.path("name")));
        request.query("item").ifPresent(item -> arguments.put("item", item));
        try {
            Heddle.offload(() -> {
                try (PageSource.Answer answer = source.ask("act", arguments)) {
                    while (answer.next() != null) {
                        // one line says that it is done
                    }
                }
            });
            return Response.text("done");
        } catch (ProgramUnansweredException e) {
            return Response.text(String.valueOf(e.getMessage())).withStatus(502);
        }
    }

    // ---- profiles ----

    /** A flame graph of the time that follows: a page that says itself which script and style are its own. */
    private Response profile(Request request) throws IOException {
        Duration time = Duration.ofMillis(request.queryLong("millis", 10_000));
        try {
            return Response.html(Heddle.offload(() -> flameGraph(time)))
                    .withHeader("Content-Security-Policy", "frame-ancestors 'none'");
        } catch (ProgramUnansweredException e) {
            return Response.text(e.getMessage() + "\n").withStatus(502);
        }
    }

    private String flameGraph(Duration time) throws IOException {
        Path directory = Files.createTempDirectory("heddle-profile");
        Path recording = directory.resolve("recording.jfr");
        Path graph = directory.resolve("graph.html");
        try {
            receive(time, recording);
            ProfileFile.HTML.write(recording, source + ", " + (double) time.toMillis() / 1000 + " s", graph);
            return Files.readString(graph);
        } finally {
            Files.deleteIfExists(graph);
            Files.deleteIfExists(recording);
            Files.delete(directory);
        }
    }

    private void receive(Duration time, Path recording) throws IOException {
        Map<String, String> millis = Map.of("millis", String.valueOf(time.toMillis()));
        try (PageSource.Answer answer = source.ask("profile", millis);
                OutputStream out = Files.newOutputStream(recording)) {
            for (String line = answer.next(); line != null; line = answer.next()) {
                if (line.startsWith(JFR)) {
                    out.write(Base64.getDecoder().decode(line.substring(JFR.length(), line.length() - "\"}".length())));
                }
            }
        }
    }
}
