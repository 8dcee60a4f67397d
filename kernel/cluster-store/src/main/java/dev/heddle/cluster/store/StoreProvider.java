package dev.heddle.cluster.store;

import java.util.List;

/**
 * A kind of store that can be named by an address. Its artifact offers it as a service: a line in {@code
 * META-INF/services}, and {@code provides} in its {@code module-info}. Programs use {@link StoreAddress#connect}.
 *
 * <p>Threads: any. To test one, call {@link StoreAddress#connect} with the artifact on the path.
 */
public interface StoreProvider {

    /** What its addresses begin with, such as {@code https://}; nothing of this begins like that of another kind. */
    List<String> prefixes();

    /**
     * The store at an address that begins with one of the {@link #prefixes}. Does not open a connection.
     *
     * @throws IllegalArgumentException if the address cannot be meant so, or says what this kind of store does not have
     */
    StoreEngine at(StoreAddress address);
}
