package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Tag;

/** Each byte comes alone. */
@Tag("full")
final class MemoryByteByByteTest extends FaultProxyContract {

    MemoryByteByByteTest() {
        super(Faults.NONE.withPieceBytes(1));
    }

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connectDirectly() {
        MemoryStreams.Pair pair = MemoryStreams.pair(500);
        return new Ends(pair.left().transport(), pair.right().transport());
    }

    @Override
    public int moreThanBuffered() {
        return 256 * 1024;
    }
}
