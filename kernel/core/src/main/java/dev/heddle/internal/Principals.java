package dev.heddle.internal;

import java.lang.invoke.MethodHandle;
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
            return (UserPrincipal) Access.HANDLES.user().invoke(uid);
        } catch (Throwable e) {
            throw untold("user " + uid, e);
        }
    }

    /**
     * A group; the number is the name of one that has no other.
     *
     * @throws UnsupportedOperationException if the JDK does not tell
     */
    public static GroupPrincipal group(int gid) {
        try {
            return (GroupPrincipal) Access.HANDLES.group().invoke(gid);
        } catch (Throwable e) {
            throw untold("group " + gid, e);
        }
    }

    private static UnsupportedOperationException untold(String whose, Throwable e) {
        String why = e instanceof LinkageError && e.getCause() != null ? e.getCause().getMessage() : e.getMessage();
        return new UnsupportedOperationException("the JDK does not tell the name of " + whose + ": " + why, e);
    }

    /** What is called of the JDK. */
    record Handles(MethodHandle user, MethodHandle group) {

        static Handles of(JdkMembers jdk) throws ReflectiveOperationException {
            jdk.open("sun.nio.fs");
            Class<?> principals = jdk.type("sun.nio.fs.UnixUserPrincipals");
            return new Handles(
                    byNumber(jdk, principals, "fromUid", "User"), byNumber(jdk, principals, "fromGid", "Group"));
        }

        private static MethodHandle byNumber(JdkMembers jdk, Class<?> principals, String name, String kind)
                throws ReflectiveOperationException {
            Class<?> result = jdk.type(principals.getName() + "$" + kind);
            return jdk.staticMethod(principals, name, MethodType.methodType(result, int.class));
        }
    }

    /** Loaded only when somebody asks. */
    private static final class Access {

        static final Handles HANDLES;

        static {
            try {
                HANDLES = Handles.of(JdkMembers.OWN);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
