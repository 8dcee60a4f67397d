// Sends each line that is typed and prints the answer. Arguments: [port]. The end of the input, Ctrl-D, ends it.
// Answers Threads and coroutines, programs 6 and 33: a socket client that asks for input.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.io.TextStream;
import dev.heddle.net.Tcp;
import dev.heddle.os.StandardStreams;

static final int MAX_BYTES = 1024;

void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    run(() -> talk(port, StandardStreams.in()));
}

void talk(int port, ByteStream typed) {
    try (ByteStream server = Tcp.connect("127.0.0.1", port)) {
        var text = TextStream.replacing(server, StandardCharsets.UTF_8);
        IO.print(">>: ");
        for (String line : typed.lines(MAX_BYTES)) {
            if (!line.isBlank()) {
                text.send(line.strip());
                IO.println(text.receive().orElseThrow(() -> new IllegalStateException("the server has gone")));
            }
            IO.print(">>: ");
        }
        IO.println();
    }
}
