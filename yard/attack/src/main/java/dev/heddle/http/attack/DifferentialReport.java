package dev.heddle.http.attack;

import dev.heddle.http.WireNotation;
import dev.heddle.http.attack.Asking.Relation;
import dev.heddle.http.attack.Differential.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The page of where the servers disagree. */
final class DifferentialReport {

    /** So much of a message that was made is shown. */
    private static final int MAX_SHOWN = 160;

    private final Map<String, String> versions;
    private final List<Case> cases;
    private final int made;
    private final long seed;
    private final StringBuilder page = new StringBuilder();

    /**
     * @param versions of the servers that Heddle is compared with
     * @param made how many of the cases are not of the corpus
     */
    DifferentialReport(Map<String, String> versions, List<Case> cases, int made, long seed) {
        this.versions = versions;
        this.cases = cases;
        this.made = made;
        this.seed = seed;
    }

    void write(Path path) throws IOException {
        page.append(introduction());
        counts("The corpus", this::isOfCorpus);
        counts("Made from it", c -> !isOfCorpus(c));
        page.append(LESS);
        corpusTable(Relation.TAKES_LESS, "refused by");
        page.append(OTHERS);
        corpusTable(Relation.SEES_OTHERS, "seen otherwise by");
        page.append(MORE);
        corpusTable(Relation.TAKES_MORE, "taken by");
        page.append(MADE);
        madeTable();
        Files.createDirectories(path.getParent());
        Files.writeString(path, page);
    }

    private String introduction() {
        String servers = versions.entrySet().stream()
                .map(v -> v.getKey() + " " + v.getValue())
                .collect(Collectors.joining(", "));
        return """
                # The same bytes to six servers

                Two servers that read a message apart are what request smuggling is made of. So the corpus of
                `web/http/src/test/resources/bad-requests` (%d messages) and %d messages made from it by the seed %d go to Heddle and to
                %s, each with a good request `GET /behind` after it in the same write. What a server took for requests is compared with
                what Heddle took for requests; the words and status of a refusal are not. HAProxy did not always say
                the same of a fault in the trailers (545): it is asked %d times, and the most it took counts.

                ```sh
                mvn -B -Pdifferential -pl :heddle-attack -am verify -DskipTests    # -Ddifferential.count=500 -Ddifferential.seed=1
                ```

                *Takes less*: the server answered the same requests, but fewer of them. *Takes more*: all that Heddle did and at least one
                more. *Sees others*: at some place it answered another method or target.
                """
                .formatted(cases.size() - made, made, seed, servers, Asking.TRIES);
    }

    private boolean isOfCorpus(Case c) {
        return !c.why().isEmpty();
    }

    private void counts(String title, Predicate<Case> which) {
        page.append("\n| ").append(title)
                .append(" | same | takes more | takes less | sees others |\n|---|---|---|---|---|\n");
        for (String server : versions.keySet()) {
            page.append("| ").append(server);
            for (Relation relation : Relation.values()) {
                long count = cases.stream().filter(which).filter(c -> c.relation(server) == relation).count();
                page.append(" | ").append(count);
            }
            page.append(" |\n");
        }
    }

    private void corpusTable(Relation relation, String column) {
        page.append("\n| file | ").append(column).append(" | the rule |\n|---|---|---|\n");
        for (Case c : cases) {
            String servers = servers(c, relation);
            if (isOfCorpus(c) && !servers.isEmpty()) {
                page.append("| ").append(c.name()).append(" | ").append(servers).append(" | ").append(c.why())
                        .append(" |\n");
            }
        }
    }

    /** Those that were made, as far as another server but the one that reads ahead takes less or sees others. */
    private void madeTable() {
        page.append("\n| message | Heddle | otherwise |\n|---|---|---|\n");
        for (Case c : cases) {
            List<String> otherwise = versions.keySet().stream().filter(s -> isLess(c.relation(s))).toList();
            if (!isOfCorpus(c) && !otherwise.isEmpty() && !otherwise.equals(List.of("Node"))) {
                String views = otherwise.stream()
                        .map(s -> s + ": " + code(String.valueOf(c.views().get(s))))
                        .collect(Collectors.joining("<br>"));
                page.append("| ").append(code(c.message())).append(" | ").append(code(c.heddle().toString()))
                        .append(" | ").append(views).append(" |\n");
            }
        }
    }

    private static boolean isLess(Relation relation) {
        return relation == Relation.TAKES_LESS || relation == Relation.SEES_OTHERS;
    }

    private String servers(Case c, Relation relation) {
        return versions.keySet().stream()
                .filter(s -> c.relation(s) == relation)
                .map(s -> relation != Relation.TAKES_MORE || tookTheOneBehind(c, s) ? s : "(" + s + ")")
                .collect(Collectors.joining(", "));
    }

    private static boolean tookTheOneBehind(Case c, String server) {
        return Objects.requireNonNull(c.views().get(server)).requests().contains("GET /behind");
    }

    private static String code(String text) {
        String shown = WireNotation.show(text);
        String cut = shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "...";
        return "<code>" + cut.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;") + "</code>";
    }

    private static final String LESS = """

            ## What Heddle takes and another refuses

            This is the list to be afraid of. What stands in it, and why it stays:

            - **Node reads ahead.** It parses what is behind a request before it has answered it, so a fault there, or any byte behind
              `Connection: close`, costs the good request its answer. RFC 9112, section 9.3.2, has answers in the order of requests, and
              Heddle parses nothing before the answer is sent.
            - **White space is spaces and tabs.** nginx and Node want spaces only around a length or a coding, Tomcat and Node none before
              the semicolon of a chunk extension. RFC 9110, section 5.6.3, has both kinds, and says of bad white space that it must be
              parsed and removed. Nobody reads another length there: it is taken or refused.
            - **Odd characters in a target** (`|`, `^`, braces) are sent by browsers. Tomcat refuses them. Heddle hands a target over as it
              came and never puts it into a place where one of these means anything. It also refuses names of hosts with an underscore,
              which containers have.
            - **Connections that may close.** nginx looks for `close` inside a longer word, Apache closes behind an expectation without a
              body, HAProxy behind a body that is larger than its buffer, Node behind HTTP/1.0. The next request then gets no answer, which
              loses nothing.
            - **An upgrade nobody knows** makes Node give up parsing, and the connection hangs. RFC 9110, section 7.8, lets a server ignore it.
            - **A URL of a host and a query** (`http://a?b`) has an empty path, which is a slash: RFC 9110, section 4.2.3. HAProxy refuses it.
            - **Limits** differ: the request line at 8 KiB is above those of some servers.
            """;

    private static final String OTHERS = """

            ## Where another sees other requests

            None is best. A row here needs a look before a release.
            """;

    private static final String MORE = """

            ## What another takes and Heddle refuses

            Each is refused for the rule beside it. In parentheses stands a server that answered the message and nothing behind it: nginx and
            Apache are set up here to answer without reading a body, and find its faults later.

            - **Bare line ends, controls, folds and odd names** in a head: the leniency of the nineties, from which most smuggling is made. RFC
              9112, section 2.2, allows the bare LF and asks for care; Heddle, like nobody who sends requests today, has no use for it.
            - **Both framings at once, a coding in HTTP/1.0, two equal lengths**: RFC 9112, section 6.1, lets a server take these and close, or
              refuse them. It is refused, since what stood before it may have chosen the other.
            - **Names of hosts** go into redirects, logs and keys of caches. What is no host is refused before a handler can use it.
            - **A field twice** that has one value: which of them counts depends on the reader.
            - **Methods** that a server does not have get 501 from Heddle; the others leave that to the application. The echo takes all.
            - **Paths** with an escaped slash, dots, NUL or broken escapes are no requests that a route matches: 404 here, and the
              application's matter elsewhere.
            - **Limits** of sizes and counts: the defaults differ.

            Where one of these servers stands in front of Heddle it has cleaned the message up before, or the refusal ends what could have
            been an attack.
            """;

    private static final String MADE = """

            ## Messages that were made

            Those of which another server than Node took less, or saw others. Each stands in for a kind that was listed above.
            """;
}
