package dev.heddle.linux;

import dev.heddle.engine.Engine;
import dev.heddle.engine.EngineProvider;
import dev.heddle.internal.Descriptors;
import dev.heddle.linux.internal.Platform;
import java.util.Optional;

/** The provider of {@link UringEngine}. */
public final class UringProvider implements EngineProvider {

    /** For {@link java.util.ServiceLoader}. */
    public UringProvider() {}

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Optional<String> whyNot() {
        return Platform.whyNot().or(Descriptors::whyNot).or(UringSupport::whyNot);
    }

    @Override
    public Engine create() {
        return new UringEngine();
    }
}
