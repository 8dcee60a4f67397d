package dev.heddle.process.shared;

/**
 * Two ends that send to each other, for two processes.
 *
 * <pre>{@code
 * Pipe<String> pipe = manager.pipe();
 * PipeEnd<String> theirs = pipe.second();
 * JvmProcess.spawn(() -> theirs.send("hello"));
 * String greeting = pipe.first().receive();
 * }</pre>
 *
 * @param <T> what travels
 * @see PipeEnd
 */
public record Pipe<T>(PipeEnd<T> first, PipeEnd<T> second) {}
