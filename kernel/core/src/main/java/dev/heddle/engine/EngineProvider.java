package dev.heddle.engine;

import java.util.Optional;

/** The provider of an engine to {@link Engines}; found by {@link java.util.ServiceLoader}. */
public interface EngineProvider {

    /** The engine's name, by which it can be asked for. */
    String name();

    /** How good the engine is where it works: the highest is taken. The portable engine has 0. */
    int rank();

    /** Why the engine cannot work here, in a few words; empty if it can. Asked once, by any thread. */
    Optional<String> whyNot();

    /** Makes an engine. Any thread. */
    Engine create();
}
