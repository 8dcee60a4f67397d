package dev.heddle.conformance;

import dev.heddle.io.ByteStream;
import dev.heddle.io.Streams;
import dev.heddle.os.Subprocess;

/**
 * The standard streams of a program of others. It breaks them by being killed: a pipe then gives what is in it and ends
 * as if it had been closed, pipe(7), and how the program ended is for its status to say.
 */
final class PipeLossEnds extends PeerLossEnds {

    private final Subprocess program;

    /** Gives up the first byte, which is for who has accepted a connection. */
    PipeLossEnds(ByteStream control, Subprocess program) {
        super(control, Streams.staple(named(program), program.stdin()), "reset", false);
        this.program = program;
    }

    private static ByteStream named(Subprocess program) {
        ByteStream stdout = program.stdout();
        stdout.readExactly(1);
        return stdout;
    }

    @Override
    public void reset() {
        program.kill();
        program.await();
    }

    @Override
    public boolean tellsResetsBeforeUnread() {
        return false;
    }

    @Override
    public void close() {
        super.close();
        program.close();
    }
}
