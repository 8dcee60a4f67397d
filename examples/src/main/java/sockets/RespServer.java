// A server for redis-cli and redis-benchmark: PING, SET and GET, in memory. Arguments: [port]. Ctrl-C stops it.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

static final int MAX_CLIENTS = 1000;
static final int MAX_WORDS = 16;
static final int MAX_BYTES = 64 * 1024;   // of a word, and of answers that wait for each other
static final int MAX_KEYS = 10_000;

final Map<String, String> values = new HashMap<>();   // of one loop, so it needs no lock

void main(String[] args) {
    run(() -> {
        try (Listener listener = Tcp.listen(args.length > 0 ? Integer.parseInt(args[0]) : 6379)) {
            IO.println("listening on " + listener.address());
            listener.serve(MAX_CLIENTS, this::talk);
        }
    });
}

void talk(ByteStream stream) {
    var answers = new StringBuilder();
    try {
        for (String head : stream.lines(32)) {
            answers.append(answer(words(stream, head)));
            if (!stream.buffered().hasRemaining() || answers.length() > MAX_BYTES) { // one write for all that has come
                stream.write(answers.toString().getBytes(StandardCharsets.ISO_8859_1));
                answers.setLength(0);
            }
        }
    } catch (IllegalArgumentException | LimitExceededException e) {
        stream.write("-ERR Protocol error\r\n");
    }
}

/** {@code *2 $3 GET $1 k}, each on a line of its own. A word is bytes, and Latin-1 keeps each of them. */
List<String> words(ByteStream stream, String head) {
    var words = new ArrayList<String>();
    for (int left = count(head, '*', MAX_WORDS); left > 0; left--) {
        int length = count(stream.readLine(32).orElse(""), '$', MAX_BYTES);
        words.add(new String(stream.readExactly(length + 2), 0, length, StandardCharsets.ISO_8859_1));
    }
    return words;
}

int count(String line, char sign, int max) {
    int count = line.indexOf(sign) == 0 ? Integer.parseInt(line, 1, line.length(), 10) : -1;
    if (count < 0 || count > max) {
        throw new IllegalArgumentException(line);
    }
    return count;
}

String answer(List<String> words) {
    return switch ((words.isEmpty() ? "" : words.getFirst().toUpperCase(Locale.ROOT)) + words.size()) {
        case "PING1" -> "+PONG\r\n";
        case "GET2" -> {
            String value = values.get(words.get(1));
            yield value == null ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n";
        }
        case "SET3" -> {
            if (values.size() == MAX_KEYS && !values.containsKey(words.get(1))) {
                yield "-OOM too many keys\r\n";
            }
            values.put(words.get(1), words.get(2));
            yield "+OK\r\n";
        }
        default -> "-ERR unknown command\r\n";
    };
}
