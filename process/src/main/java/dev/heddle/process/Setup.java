package dev.heddle.process;

import java.util.List;

/**
 * What a child must know before its first work.
 *
 * @param name its name, for threads and log lines
 * @param formats the names of the classes of {@link Format}s
 */
record Setup(String name, int maxBytes, List<String> formats) {}
