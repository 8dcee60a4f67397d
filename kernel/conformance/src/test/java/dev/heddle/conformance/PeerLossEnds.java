package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import java.time.Duration;

/** A stream of ours to a program of others, which is told over a connection beside it what to do. */
class PeerLossEnds extends OurStreamEnd implements AutoCloseable {

    private static final int MAX_LINE = 100;

    private final ByteStream control;
    private final ByteStream ours;
    private final String reset;
    private final boolean tellsResets;

    /**
     * @param reset the word for how it breaks the connection
     */
    PeerLossEnds(ByteStream control, ByteStream ours, String reset, boolean tellsResets) {
        super(ours);
        this.control = control;
        this.ours = ours;
        this.reset = reset;
        this.tellsResets = tellsResets;
    }

    /** Has the program do something, and waits until it is done; gives how many bytes it has read. */
    private long tell(String what) {
        control.write(what + "\n");
        String[] answer = control.readLine(MAX_LINE).orElseThrow().split(" ", -1);
        assertEquals("done", answer[0]);
        return Long.parseLong(answer[1]);
    }

    @Override
    public void send(String text) {
        tell("send " + text);
    }

    @Override
    public void halfClose() {
        tell("half-close");
    }

    @Override
    public void reset() {
        tell(reset);
    }

    @Override
    public void end(long bytes) {
        assertEquals(bytes, tell("end " + bytes));
    }

    @Override
    public long drain() {
        return tell("drain");
    }

    /** What the program has handed to the system is there. */
    @Override
    public void letArrive() {
        Heddle.sleep(Duration.ofMillis(5));
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(2);
    }

    @Override
    public boolean tellsResets() {
        return tellsResets;
    }

    @Override
    public boolean tellsResetsBeforeUnread() {
        return true;
    }

    @Override
    public void close() {
        control.close();
        ours.close();
    }
}
