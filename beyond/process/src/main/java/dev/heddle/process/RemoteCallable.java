package dev.heddle.process;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * A body that can run in another process: a lambda, a method reference, or a record that implements this.
 *
 * <p>It travels by name, with the values it has captured; see {@link ProcessPool} for what can. The mark {@link
 * Serializable} only makes the compiler keep the name: nothing is serialized by Java's means.
 *
 * @param <T> what it gives
 */
@FunctionalInterface
public interface RemoteCallable<T> extends Callable<T>, Serializable {}
