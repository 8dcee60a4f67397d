package dev.heddle.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of lines that cuts a stream of bytes as they come: a line that a slow writer has finished is given out at
 * once.
 *
 * <p>Lines end with LF or CR LF; the last one needs no end. Bytes that are no UTF-8 become U+FFFD. A line that is too
 * long is cut to its first {@link #MAX_BYTES} bytes and one more, so that it can be told from one that just fits.
 *
 * <p>Threads: one.
 */
public final class Lines {

    /** Longest line in bytes: more than any server takes as a URL. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /** Room for the byte too many and for a CR. */
    private final byte[] line = new byte[MAX_BYTES + 2];

    private int length;
    private boolean first = true;
    private boolean ended;

    public Lines(InputStream in) {
        this.in = in;
    }

    /**
     * The lines that one read brings, which may be none; blocks for that read.
     *
     * @throws IOException if the stream cannot be read
     */
    public List<String> next() throws IOException {
        List<String> lines = new ArrayList<>();
        int count = in.read(chunk);
        if (count < 0) {
            ended = true;
            if (length > 0) {
                lines.add(take());
            }
            return lines;
        }
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                lines.add(take());
            } else if (length < line.length) {
                line[length++] = chunk[i];
            }
        }
        return lines;
    }

    public boolean ended() {
        return ended;
    }

    private String take() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : Math.min(length, MAX_BYTES + 1);
        var text = new String(line, 0, end, StandardCharsets.UTF_8);
        length = 0;
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        return text;
    }
}
