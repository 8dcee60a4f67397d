package dev.heddle.engine;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * One-way transports over the blocking streams of Java, for what no engine can wait for: a thread of its own moves the
 * bytes of each, one piece ahead.
 *
 * <p>Threads: a transport is for tasks of one loop. A thread that waits in a blocking call cannot be called back:
 * closing leaves it there, and it ends when the call does.
 */
public final class BlockingTransports {

    private BlockingTransports() {}

    /**
     * What an input stream gives. Nothing is read before somebody waits for it; what comes after that wait was
     * cancelled is kept for the next read.
     *
     * @param name what it is, fit for a log line
     */
    public static Transport reading(InputStream in, String name) {
        return new BlockingInput(in, name);
    }

    /**
     * What an output stream takes. A piece that was taken is written a little later.
     *
     * @param name what it is, fit for a log line
     * @param keepsProcess whether the end of {@code main} waits until what was taken is written, and {@code
     *     System.exit} a second for it; for streams that last as long as the process
     */
    public static Transport writing(OutputStream out, String name, boolean keepsProcess) {
        return new BlockingOutput(out, name, keepsProcess);
    }
}
