package dev.heddle.http.server;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodySource;
import dev.heddle.http.internal.form.MultipartWindow;
import dev.heddle.http.internal.form.PartHead;
import dev.heddle.internal.Incoming;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578), one after the other as they come: nothing is kept.
 *
 * <pre>{@code
 * for (Part part : request.multipart(MultipartLimits.DEFAULT)) {
 *     if (part.filename().isPresent()) { part.saveTo(directory.resolve(newName())); }
 * }
 * }</pre>
 *
 * <p>Strict, so that nobody else can read the same body in another way: lines end with CRLF, nothing stands before the
 * first boundary but maybe a line end, nothing but maybe a line end behind the last, and what begins like a delimiter
 * is one, also inside of data. {@link Request#formData} is easier where all parts are wanted.
 *
 * <p>Every waiting method, also those of the parts, may throw {@link StatusException}: 400 if the body is malformed or
 * ends early, 413 beyond a limit, 415 if a part is coded; {@link CancelledException}; and {@link BusyException} if
 * another task is reading.
 *
 * <p>Threads: the tasks of the server's loop, one at a time. To test code that uses it, send a body through {@link
 * HttpServer#serve(dev.heddle.io.ByteStream)} and memory streams.
 */
public final class MultipartReader implements Iterable<Part> {

    /** Blanks that may follow a boundary (RFC 2046, section 5.1.1); nobody sends any. */
    private static final int MAX_PADDING = 64;

    /**
     * Where the window begins.
     *
     * <pre>
     *   PREAMBLE ──▶ BOUNDARY ──▶ PART_BEGIN ──▶ DATA ──▶ BOUNDARY
     *                   └──▶ EPILOGUE ──▶ END
     * </pre>
     */
    private enum State {
        /** At the begin of the body. */
        PREAMBLE,
        /** Behind a boundary. */
        BOUNDARY,
        /** At the line end behind the headers, which may be that of the next delimiter too. */
        PART_BEGIN,
        /** In the data of a part. */
        DATA,
        /** Behind the last boundary with its dashes. */
        EPILOGUE,
        END
    }

    private final MultipartWindow window;
    private final MultipartLimits limits;
    private State state = State.PREAMBLE;
    private @Nullable Part current;
    private int parts;
    private long fieldBytes;
    private boolean busy;

    MultipartReader(BodySource source, String boundary, MultipartLimits limits) {
        this.window = new MultipartWindow(source, boundary, limits.maxTotalBytes());
        this.limits = limits;
    }

    /**
     * Goes to the next part, over what is left of the one before, which is of no use then.
     *
     * <p>Cancellation: a cancelled call can be made again; the part before it may be used up.
     *
     * @return the part; empty at the end
     */
    public Optional<Part> next() {
        begin();
        try {
            if (state == State.PREAMBLE) {
                passPreamble();
            }
            skipPart();
            if (state == State.BOUNDARY) {
                passBoundary();
            }
            if (state == State.EPILOGUE) {
                passEpilogue();
            }
            return Optional.ofNullable(current);
        } finally {
            busy = false;
        }
    }

    /** The parts that are still to come; an iterator is {@link #next()} in another form. */
    @Override
    public Iterator<Part> iterator() {
        return new Incoming<>(() -> state == State.END ? Optional.empty() : next(), "no more parts");
    }

    /** Reads data of a part, as {@link Part#read(byte[], int, int)}. */
    int read(Part part, byte[] target, int offset, int count) {
        begin();
        try {
            if (part != current) {
                throw new IllegalStateException(part + " is over, since the next one was asked for");
            }
            return count == 0 ? 0 : readData(part, target, offset, count);
        } finally {
            busy = false;
        }
    }

    private int readData(Part part, byte[] target, int offset, int count) {
        int there = awaitData();
        if (there == 0) {
            part.checkWhole();
            return -1;
        }
        int taken = Math.min(there, count);
        account(part, taken);
        window.take(target, offset, taken);
        return taken;
    }

    private void skipPart() {
        Part part = current;
        if (part != null) {
            for (int there = awaitData(); there > 0; there = awaitData()) {
                account(part, there);
                window.skip(there);
            }
            part.checkWhole();
            current = null;
        }
    }

    private void account(Part part, int count) {
        if (part.filename().isEmpty()) {
            fieldBytes += count;
            if (fieldBytes > limits.maxFieldBytes()) {
                throw new StatusException(413, "the fields are longer than " + limits.maxFieldBytes() + " bytes");
            }
        }
        if (part.count(count) > limits.maxFileBytes() && part.filename().isPresent()) {
            throw new StatusException(413, "a file is longer than " + limits.maxFileBytes() + " bytes");
        }
    }

    /** Waits for data of the part; 0 if it is over, and the window behind the delimiter. */
    private int awaitData() {
        if (state == State.PART_BEGIN) {
            passPartBegin();
        }
        if (state != State.DATA) {
            return 0;
        }
        int there = window.cleanBytes();
        while (there == 0) {
            if (window.size() > 0 && window.matchAt(0, 0) == MultipartWindow.Match.WHOLE) {
                passDelimiter(0);
                return 0;
            }
            fill();
            there = window.cleanBytes();
        }
        return there;
    }

    /** RFC 2046, section 5.1.1: a part without data may leave its line end to the delimiter. */
    private void passPartBegin() {
        MultipartWindow.Match match = window.matchAt(0, 0);
        while (match == MultipartWindow.Match.BEGINS) {
            fill();
            match = window.matchAt(0, 0);
        }
        if (match == MultipartWindow.Match.WHOLE) {
            passDelimiter(0);
        } else {
            window.skip(2);
            state = State.DATA;
        }
    }

    private void passPreamble() {
        while (window.size() == 0) {
            fill();
        }
        int skipped = window.at(0) == '\r' ? 0 : 2;
        MultipartWindow.Match match = window.matchAt(0, skipped);
        while (match == MultipartWindow.Match.BEGINS) {
            fill();
            match = window.matchAt(0, skipped);
        }
        if (match == MultipartWindow.Match.NONE) {
            throw new StatusException(400, "the body does not begin with its boundary");
        }
        passDelimiter(skipped);
    }

    private void passDelimiter(int skipped) {
        window.skip(window.delimiterLength() - skipped);
        state = State.BOUNDARY;
    }

    /** Takes what follows a boundary, all of it or nothing: two dashes, or a line end and a header section. */
    private void passBoundary() {
        while (window.size() < 2) {
            fill();
        }
        if (window.at(0) == '-' && window.at(1) == '-') {
            window.skip(2);
            state = State.EPILOGUE;
            return;
        }
        int line = padding();
        int end = headerEnd(line);
        // Up to its last line, whose line end is enough for each line before it.
        PartHead head = PartHead.parse(window.text(end).substring(Math.min(line + 2, end)));
        if (parts == limits.maxParts()) {
            throw new StatusException(413, "the body has more than " + limits.maxParts() + " parts");
        }
        parts++;
        window.skip(end);
        state = State.PART_BEGIN;
        current = new Part(this, head);
    }

    /** Where the header section ends: at the second line end of the first two in a row. */
    private int headerEnd(int from) {
        int at = from;
        while (true) {
            while (window.size() < at + 4) {
                requireHeaderFits(at - from);
                fill();
            }
            requireHeaderFits(at - from);
            if (window.at(at) == '\r' && window.at(at + 1) == '\n' && window.at(at + 2) == '\r'
                    && window.at(at + 3) == '\n') {
                return at + 2;
            }
            at++;
        }
    }

    private void requireHeaderFits(int bytes) {
        if (bytes > limits.maxPartHeaderBytes()) {
            throw new StatusException(
                    413, "the headers of a part are longer than " + limits.maxPartHeaderBytes() + " bytes");
        }
    }

    /** How many blanks there are before a line end. */
    private int padding() {
        int blanks = 0;
        while (true) {
            while (window.size() < blanks + 2) {
                fill();
            }
            byte b = window.at(blanks);
            if (b == '\r' && window.at(blanks + 1) == '\n') {
                return blanks;
            }
            if ((b != ' ' && b != '\t') || blanks == MAX_PADDING) {
                throw new StatusException(400, "a boundary of the body is not alone in its line");
            }
            blanks++;
        }
    }

    private void passEpilogue() {
        int blanks = 0;
        while (has(blanks) && (window.at(blanks) == ' ' || window.at(blanks) == '\t') && blanks < MAX_PADDING) {
            blanks++;
        }
        boolean ends = !has(blanks)
                || (window.at(blanks) == '\r' && has(blanks + 1) && window.at(blanks + 1) == '\n' && !has(blanks + 2));
        if (!ends) {
            throw new StatusException(400, "the body goes on behind its last boundary");
        }
        state = State.END;
    }

    private boolean has(int index) {
        return window.size() > index || window.fill();
    }

    private void fill() {
        if (!window.fill()) {
            throw new StatusException(400, "the multipart body ends early");
        }
    }

    private void begin() {
        CancelScope.throwIfCancelled();
        if (busy) {
            throw new BusyException("another task is reading the multipart body");
        }
        busy = true;
    }

    /** How many parts have come. */
    @Override
    public String toString() {
        return "MultipartReader[" + parts + " parts, " + state + "]";
    }
}
