package dev.heddle.http.attack;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answers of one server to one message with another request behind it. */
final class Asking {

    private static final byte[] BEHIND = Wire.latin1("GET /behind HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    /** A server that says nothing for so long waits for more. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** Enough to see what happens now and then. */
    static final int TRIES = 16;

    private static final Pattern HEAD = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ?[^\r\n]*\r\n(.*?)\r\n\r\n",
            Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("^https?://[^/?]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SEEN = Pattern.compile("(?:^|\n)X-Seen: ([^\r\n]*)", Pattern.CASE_INSENSITIVE);

    private Asking() {}

    /** How one server's view stands to another's. */
    enum Relation {
        SAME,
        TAKES_MORE,
        TAKES_LESS,
        SEES_OTHERS
    }

    /**
     * A server's view.
     *
     * @param answers for each answer the method and target it is for, or the status of an error of the server's own
     * @param end whether it then closes or waits
     */
    record View(List<String> answers, String end) {

        /** What it took for requests, before the first error. */
        List<String> requests() {
            return answers.stream().takeWhile(answer -> !answer.matches("\\d{3}")).toList();
        }

        /** How this view stands to Heddle's, by what was taken for a request and not by the words of refusals. */
        Relation to(View heddle) {
            List<String> mine = requests();
            List<String> its = heddle.requests();
            if (mine.equals(its)) {
                return Relation.SAME;
            }
            int common = Math.min(mine.size(), its.size());
            if (!mine.subList(0, common).equals(its.subList(0, common))) {
                return Relation.SEES_OTHERS;
            }
            return mine.size() > its.size() ? Relation.TAKES_MORE : Relation.TAKES_LESS;
        }

        @Override
        public String toString() {
            return (answers.isEmpty() ? "no answer" : String.join(", ", answers)) + ", " + end;
        }
    }

    /** The view of a server that does not always say the same: of several the one that took the most. */
    static View most(int port, String message) {
        List<View> views = Heddle.map(Collections.nCopies(TRIES, message), TRIES, each -> view(port, each));
        return Collections.max(views, Comparator.comparingInt(view -> view.requests().size()));
    }

    static View view(int port, String message) {
        ByteStream stream = Tcp.connect("127.0.0.1", port);
        try (stream) {
            Task<Void> sending = Heddle.spawn(() -> send(stream, message));
            var answer = new StringBuilder();
            String end = Heddle.moveOnAfter(Duration.ofSeconds(60), () -> read(stream, answer)).orElse("waits");
            sending.cancel();
            return new View(requests(answer.toString()), end);
        }
    }

    private static void send(ByteStream stream, String message) {
        try {
            // In one write: how much of a message a server sees at once may change what it makes of it.
            stream.write(ByteBuffer.wrap(Wire.latin1(message)), ByteBuffer.wrap(BEHIND));
        } catch (BrokenException | ClosedException gone) {
            // It may have had enough.
        }
    }

    private static String read(ByteStream stream, StringBuilder answer) {
        var part = new byte[16 * 1024];
        while (true) {
            int count;
            try {
                count = Heddle.moveOnAfter(QUIET, () -> stream.read(part)).orElse(-2);
            } catch (BrokenException reset) {
                return "closes";
            }
            if (count < 0) {
                return count == -1 ? "closes" : "waits";
            }
            answer.append(Wire.text(Arrays.copyOf(part, count)));
        }
    }

    private static List<String> requests(String answer) {
        var requests = new ArrayList<String>();
        Matcher heads = HEAD.matcher(answer);
        while (heads.find()) {
            Matcher seen = SEEN.matcher(heads.group(2));
            if (seen.find()) {
                requests.add(named(seen.group(1)));
            } else if (!heads.group(1).startsWith("1")) {
                requests.add(heads.group(1));
            }
        }
        return requests;
    }

    /** Method, path and query: some servers tell the target as it came, and not all the length of the body. */
    private static String named(String seen) {
        String[] words = seen.trim().split(" ", -1);
        if (words.length < 2) {
            return words[0] + " /";
        }
        String path = AUTHORITY.matcher(words[1]).replaceFirst("");
        return words[0] + " " + (path.startsWith("/") || path.equals("*") ? path : "/" + path);
    }
}
