package dev.heddle.linux;

import dev.heddle.engine.Engine;
import dev.heddle.engine.EngineProvider;
import dev.heddle.internal.Descriptors;
import dev.heddle.linux.internal.Platform;
import java.util.Optional;

/** The provider of {@link EpollEngine}. */
public final class EpollProvider implements EngineProvider {

    /** For {@link java.util.ServiceLoader}. */
    public EpollProvider() {}

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Optional<String> whyNot() {
        return Platform.whyNot().or(Descriptors::whyNot);
    }

    @Override
    public Engine create() {
        return new EpollEngine();
    }
}
