package dev.heddle.internal;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * The Java agent that opens the two packages of the JDK that Heddle needs, when its jar is given as {@code -javaagent}.
 */
public final class Agent {

    private Agent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        open(instrumentation);
    }

    public static void agentmain(String arguments, Instrumentation instrumentation) {
        open(instrumentation);
    }

    private static void open(Instrumentation instrumentation) {
        Set<Module> us = Set.of(Agent.class.getModule());
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of("jdk.internal.vm", us),
                Map.of("java.lang", us),
                Set.of(),
                Map.of());
    }
}
