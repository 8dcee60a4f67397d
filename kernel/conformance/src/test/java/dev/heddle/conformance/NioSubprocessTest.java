package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import org.junit.jupiter.api.Tag;

/** The suite of subprocesses on the portable engine. */
@Tag("full")
final class NioSubprocessTest extends SubprocessContract {

    @Override
    public Engine newEngine() {
        return new NioEngine();
    }

    @Override
    public boolean tellsSignals() {
        return false;
    }

    @Override
    public boolean knowsGroupsAndSignals() {
        return false;
    }

    @Override
    public boolean readsBeyondTheEnd() {
        return false;
    }
}
