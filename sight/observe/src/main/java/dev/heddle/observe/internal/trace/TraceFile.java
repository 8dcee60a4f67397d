package dev.heddle.observe.internal.trace;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * A file that Perfetto and Chrome open, made of lines that are one event each. Compressed if its name ends with {@code
 * .gz}, which both read as well.
 *
 * <p>Threads: one at a time.
 */
public final class TraceFile extends OutputStream {

    private final OutputStream out;
    private boolean begun;

    /** Makes the file, in place of one that is there. */
    public TraceFile(Path file) throws IOException {
        this(open(file));
    }

    private static OutputStream open(Path file) throws IOException {
        OutputStream plain = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain;
    }

    /** Begins one in a stream, which it closes at its end. */
    public TraceFile(OutputStream target) throws IOException {
        out = new BufferedOutputStream(target, 1 << 16);
        print("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    }

    /** Takes an event, one line without its end. */
    public void add(String event) throws IOException {
        write((event + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Takes an event, one line with its end. */
    @Override
    public void write(byte[] line, int offset, int length) throws IOException {
        if (begun) {
            print(",\n");
        }
        begun = true;
        out.write(line, offset, length - 1);
    }

    @Override
    public void write(int b) {
        throw new UnsupportedOperationException("a line at a time");
    }

    @Override
    public void close() throws IOException {
        try (out) {
            print("\n]}\n");
        }
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
