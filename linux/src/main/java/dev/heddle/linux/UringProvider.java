package dev.heddle.linux;

import dev.heddle.engine.Engine;
import dev.heddle.engine.EngineProvider;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;

/** Offers {@link UringEngine}. */
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
        return Platform.whyNot().or(UringProvider::tried);
    }

    /** A small ring is made and given back: no version tells what a container forbids. */
    private static Optional<String> tried() {
        try (Arena arena = Arena.ofShared()) {
            new Ring(arena, new Kernel(arena), 1).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the kernel forbids it or is older than 6.1 (" + e.getMessage() + ")");
        }
    }

    @Override
    public Engine create() {
        return new UringEngine();
    }
}
