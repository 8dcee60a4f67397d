package dev.heddle.observe.page.internal;

import dev.heddle.observe.internal.LineChannel;
import dev.heddle.observe.internal.SocketDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of this user, asked by its socket: this one and its children.
 *
 * @param pid its number
 */
public record SocketSource(long pid) implements PageSource {

    /** How long a program may take to answer, or to go on with its answer. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private static final String END = "{\"kind\":\"end\"}";
    private static final String ERROR = "{\"kind\":\"error\",\"message\":\"";

    @Override
    public Answer ask(String verb, Map<String, String> arguments) {
        try {
            Path socket = SocketDirectory.find(pid).orElseThrow(() -> new ProgramUnansweredException(
                    this + " has no socket to be asked by: it began with -Dheddle.observe=off, or its log says why"));
            long pause = Long.parseLong(arguments.getOrDefault("over", "0"));
            return new Lines(this, LineChannel.open(socket, LineChannel.request(verb, arguments), PATIENCE_MILLIS),
                    PATIENCE_MILLIS + pause);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    @Override
    public PageSource child(long child) {
        return new SocketSource(child);
    }

    @Override
    public List<Long> children() {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).map(ProcessHandle::pid).sorted()
                .filter(SocketSource::hasSocket).toList();
    }

    private static boolean hasSocket(long process) {
        try {
            return SocketDirectory.find(process).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private ProgramUnansweredException silent(IOException why) {
        return new ProgramUnansweredException(this + " does not answer: " + why.getMessage(), why);
    }

    @Override
    public String toString() {
        return "process " + pid;
    }

    private record Lines(SocketSource source, LineChannel channel, long patienceMillis) implements Answer {

        @Override
        public @Nullable String next() {
            String line;
            try {
                line = channel.read(patienceMillis);
            } catch (IOException e) {
                throw source.silent(e);
            }
            if (line == null) {
                throw new ProgramUnansweredException(source + " ended the connection in the midst of its answer");
            }
            if (line.startsWith(ERROR)) {
                throw new ProgramUnansweredException(
                        source + " says: " + line.substring(ERROR.length(), line.length() - "\"}".length()));
            }
            return line.equals(END) ? null : line;
        }

        @Override
        public boolean hasMore() {
            return channel.hasMore();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
