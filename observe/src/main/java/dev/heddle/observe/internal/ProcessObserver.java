package dev.heddle.observe.internal;

import dev.heddle.internal.sight.Observer;

/** Makes this process answer. */
public final class ProcessObserver implements Observer {

    /** For the {@link java.util.ServiceLoader}. */
    public ProcessObserver() {}

    @Override
    public void begin() {}
}
