package dev.heddle.cli.command;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The streams of a command: where it reads and writes. Text is UTF-8 whatever the locale.
 *
 * @param in the standard input
 * @param out results and nothing else
 * @param err everything that is for people
 * @param terminal what stands behind {@code err}
 */
public record CommandStreams(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {

    /**
     * The streams of this process. Not {@link System#out}, which swallows the errors of a full disk or a closed pipe.
     */
    public static CommandStreams ofProcess() {
        return new CommandStreams(
                new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err), Terminal.ofProcess());
    }

    /** Writes a result text to {@code out} at once. */
    public void result(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Writes text to {@code err}; there is nobody to tell when that fails. */
    public void tell(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException noReader) {
            // The one channel for complaints is gone; the exit code still tells.
        }
    }
}
