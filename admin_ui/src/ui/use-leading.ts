/** Leads on from a screen once an answer came: only whoever is still there, and nobody out of another one. */
import { useMatch, useNavigate, useRouter } from '@tanstack/react-router';
import type { UseNavigateResult } from '@tanstack/react-router';

export function useLeading(): UseNavigateResult<string> {
  const navigate = useNavigate();
  const router = useRouter();
  const here = useMatch({ strict: false, select: ({ pathname }) => pathname });
  return (options) => {
    const isHere = router.state.location.pathname === here;
    return isHere ? navigate(options) : Promise.resolve();
  };
}
