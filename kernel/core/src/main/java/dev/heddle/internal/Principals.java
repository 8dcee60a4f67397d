package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;

/** The names of users and groups that a Unix system knows by number. The JDK finds them, but by name only in public. */
public final class Principals {

    private Principals() {}

    /**
     * A user; the number is the name of one that has no other.
     *
     * @throws UnsupportedOperationException if the JDK does not tell
     */
    public static UserPrincipal user(int uid) {
        try {
            return (UserPrincipal) Access.USER.invoke(uid);
        } catch (Throwable e) {
            throw new UnsupportedOperationException("the JDK does not tell the name of user " + uid, e);
        }
    }

    /**
     * A group; the number is the name of one that has no other.
     *
     * @throws UnsupportedOperationException if the JDK does not tell
     */
    public static GroupPrincipal group(int gid) {
        try {
            return (GroupPrincipal) Access.GROUP.invoke(gid);
        } catch (Throwable e) {
            throw new UnsupportedOperationException("the JDK does not tell the name of group " + gid, e);
        }
    }

    /** Loaded only when somebody asks. */
    private static final class Access {

        static final MethodHandle USER;
        static final MethodHandle GROUP;

        static {
            try {
                JdkPackages.open("sun.nio.fs");
                Class<?> principals = Class.forName("sun.nio.fs.UnixUserPrincipals");
                MethodHandles.Lookup inside = MethodHandles.privateLookupIn(principals, MethodHandles.lookup());
                Class<?> user = Class.forName("sun.nio.fs.UnixUserPrincipals$User");
                Class<?> group = Class.forName("sun.nio.fs.UnixUserPrincipals$Group");
                USER = inside.findStatic(principals, "fromUid", MethodType.methodType(user, int.class));
                GROUP = inside.findStatic(principals, "fromGid", MethodType.methodType(group, int.class));
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
