package dev.heddle.cli.sight;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.observe.internal.LineChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a program, line by line as they come, in constant memory.
 *
 * <pre>{@code
 * try (ProgramAnswer answer = program.ask("tree", Map.of("lines", "1"))) {
 *     for (AnswerLine line = answer.next(); line != null; line = answer.next()) { ... }
 * }
 * }</pre>
 *
 * <p>Threads: one.
 */
public final class ProgramAnswer implements AutoCloseable {

    private final Program program;
    private final LineChannel channel;
    private final long patienceMillis;
    private String json = "";

    /** @param patienceMillis how long no line may come */
    ProgramAnswer(Program program, LineChannel channel, long patienceMillis) {
        this.program = program;
        this.channel = channel;
        this.patienceMillis = patienceMillis;
    }

    /**
     * The next line, {@code round} lines of what is watched among them; waits for it.
     *
     * @return null at the end
     * @throws FailureException if the program says no, does not answer any more or has ended
     */
    public @Nullable AnswerLine next() {
        AnswerLine line;
        try {
            String text = channel.read(patienceMillis);
            if (text == null) {
                throw program.failure("it ended the connection in the midst of its answer", null);
            }
            json = text;
            line = AnswerLine.parse(text);
        } catch (IOException | IllegalArgumentException e) {
            throw program.failure(String.valueOf(e.getMessage()), e);
        }
        return switch (line.kind()) {
            case "end" -> null;
            case "error" -> throw new FailureException(program + " says: " + line.text("message"));
            default -> line;
        };
    }

    /**
     * The line that came last as it was sent, for {@code --json}. What a terminal must not get is escaped; in JSON that
     * may only stand in texts.
     */
    public String json() {
        var safe = new StringBuilder(json.length());
        json.chars().forEach(c -> {
            if (HumanFormat.isUnsafe(c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    /** Whether more has come already, so that {@link #next} will hardly wait. */
    public boolean hasMore() {
        return channel.hasMore();
    }

    @Override
    public void close() {
        channel.close();
    }
}
