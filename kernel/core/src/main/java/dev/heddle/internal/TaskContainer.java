package dev.heddle.internal;

import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;

/**
 * The container that the JDK wants for each started thread. Unlike the JDK's root container it keeps no set of threads,
 * which makes a start cheaper; the loops know their tasks. Nor are they listed for the dumps of the JDK: in JDK 25
 * those crash the JVM when a virtual thread is being mounted or unmounted meanwhile (JDK-8364343).
 */
final class TaskContainer extends ThreadContainer {

    static final TaskContainer INSTANCE = new TaskContainer();

    private TaskContainer() {
        super(/* shared= */ true);
    }

    @Override
    public String name() {
        return "heddle";
    }

    @Override
    public Stream<Thread> threads() {
        return Stream.empty();
    }
}
